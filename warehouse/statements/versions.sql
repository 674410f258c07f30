-- The versions that a page brings, from the tables `staged` and `held`; each item stands in the page once. Runs inside the
-- transaction of the page, like all that follows. Windows by item, which versions_of_repeated.sql needs, are a fifth of
-- the time of landing a page of 100 (measured).
CREATE OR REPLACE TEMP TABLE versions AS
SELECT
    getvariable('last_revision') + row_number() OVER () AS revision_id,
    coalesce(held_revision, 0) + 1 AS revision,
    * EXCLUDE (held_revision, is_old)
FROM (
    SELECT staged.*, held.revision AS held_revision
    FROM staged LEFT JOIN held USING (item_key)
    WHERE held.content_hash IS DISTINCT FROM staged.content_hash AND NOT is_old
    ORDER BY line
);
