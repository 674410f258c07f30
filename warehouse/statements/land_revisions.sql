-- The new versions of a page.
INSERT INTO store.revision
SELECT
    revision_id, item_key, revision, text, rating, edited_at, content_hash,
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id'), getvariable('page')
FROM versions
ORDER BY revision_id;
