-- Items that the page shows and whose content stays removed.
CREATE OR REPLACE TEMP TABLE emptied AS
SELECT DISTINCT item_key, id
FROM staged
WHERE item_key IN (SELECT item_key FROM held WHERE is_expired) AND item_key NOT IN (SELECT item_key FROM refilled);
