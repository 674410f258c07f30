-- As versions.sql, of a page in which an item stands more than once: a version is new where it differs from the one before
-- it, in the page or in the history.
CREATE OR REPLACE TEMP TABLE versions AS
SELECT
    getvariable('last_revision') + row_number() OVER (ORDER BY line) AS revision_id,
    coalesce(held_revision, 0) + row_number() OVER (PARTITION BY item_key ORDER BY line) AS revision,
    * EXCLUDE (held_revision, hash_before, is_old)
FROM (
    SELECT
        staged.*,
        held.revision AS held_revision,
        coalesce(
            lag(staged.content_hash) OVER (PARTITION BY item_key ORDER BY line), held.content_hash
        ) AS hash_before
    FROM staged LEFT JOIN held USING (item_key)
)
WHERE hash_before IS DISTINCT FROM content_hash AND NOT is_old;
