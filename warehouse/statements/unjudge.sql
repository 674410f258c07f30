-- Takes what `refilled` fills in out of what the checks have judged (`store.judged`): while it was empty they passed over it,
-- and a permission may have ended. Each range that holds such a version is replaced by what is left of it.
CREATE OR REPLACE TEMP TABLE holed AS
SELECT judged.rowid AS range_id, judged.*, revision_id
FROM store.judged
JOIN (
    SELECT revision_id FROM store.revision JOIN refilled USING (item_key, revision) WHERE unchanged
) AS filled ON revision_id > after_id AND revision_id <= up_to;

DELETE FROM store.judged WHERE rowid IN (SELECT range_id FROM holed);

INSERT INTO store.judged
SELECT * FROM (
    SELECT check_id, version, lag(revision_id, 1, after_id) OVER (PARTITION BY range_id ORDER BY revision_id) AS after_id,
        revision_id - 1 AS up_to, run_id, recorded_at
    FROM holed
    UNION ALL
    SELECT check_id, version, max(revision_id), up_to, run_id, recorded_at
    FROM holed
    GROUP BY range_id, check_id, version, up_to, run_id, recorded_at
)
WHERE after_id < up_to;
