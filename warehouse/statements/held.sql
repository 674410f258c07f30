-- What the history last held of the items in `staged`.
-- In two steps, so that only narrow columns are read whole: the second finds its few rows by their row groups' bounds
-- (measured: a third of the time of one step on 1,000,000 versions).
CREATE OR REPLACE TEMP TABLE held AS
WITH newest AS MATERIALIZED (
    SELECT item_key, max(revision) AS revision, max(revision_id) AS revision_id
    FROM store.revision
    SEMI JOIN staged USING (item_key)
    GROUP BY item_key
)
SELECT newest.item_key, newest.revision, held.content_hash
FROM newest JOIN store.revision AS held USING (revision_id);
