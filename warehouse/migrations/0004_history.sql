-- Which versions of items a version of a check has judged: those with a revision_id above `after_id`, up to `up_to`. It takes
-- the place of the watermark, which could tell of one stretch from the first version on: a changed check judges what is
-- new before what is old.
CREATE TABLE store.judged (
    check_id VARCHAR,
    version INTEGER,
    after_id BIGINT,
    up_to BIGINT,
    run_id VARCHAR,
    recorded_at TIMESTAMPTZ
);
INSERT INTO store.judged
SELECT check_id, version, 0, max(revision_id), arg_max(run_id, revision_id), max(recorded_at)
FROM store.watermark
GROUP BY check_id, version;
DROP TABLE store.watermark;
