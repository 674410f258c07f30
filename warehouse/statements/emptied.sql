-- Items that the page shows and whose content stays removed.
CREATE OR REPLACE TEMP TABLE emptied AS
SELECT DISTINCT item_key, id
FROM staged
WHERE item_key IN (
    SELECT item_key FROM store.state SEMI JOIN staged USING (item_key) GROUP BY item_key
    HAVING arg_max(state, rowid) = 'expired'
)
AND item_key NOT IN (SELECT item_key FROM refilled);
