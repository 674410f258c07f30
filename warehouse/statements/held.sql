-- What the history last held of the items in `staged`. `is_expired`: its content has been removed.
-- In two steps, so that only narrow columns are read whole: the second finds its few rows by their row groups' bounds
-- (measured: a third of the time of one step on 1,000,000 versions).
CREATE OR REPLACE TEMP TABLE held AS
WITH newest AS MATERIALIZED (
    SELECT item_key, max(revision) AS revision, max(revision_id) AS revision_id
    FROM store.revision
    SEMI JOIN staged USING (item_key)
    GROUP BY item_key
)
SELECT newest.item_key, newest.revision, held.content_hash, coalesce(last.state = 'expired', false) AS is_expired
FROM newest
JOIN store.revision AS held USING (revision_id)
LEFT JOIN (
    SELECT item_key, arg_max(state, rowid) AS state FROM store.state SEMI JOIN staged USING (item_key) GROUP BY item_key
) AS last ON last.item_key = newest.item_key;
