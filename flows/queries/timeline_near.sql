-- Items that somebody may have meant who gave an id that is none: the item of a flag, of a link, or the same id elsewhere.
WITH given AS (SELECT $given AS whole, regexp_replace($given, '^[a-z]+:', '') AS native)
SELECT item_id, why
FROM (
    SELECT item.item_id, 'of that flag' AS why, 1 AS place
    FROM store.flag JOIN store.item USING (item_key), given WHERE flag_id = given.whole
    UNION ALL
    SELECT item_id, 'of that link', 2 FROM store.item, given WHERE url = given.whole
    UNION ALL
    SELECT item_id, 'with that id', 3 FROM store.item, given
    WHERE lower(substr(item_id, length(platform) + 2)) = lower(given.native)
)
ORDER BY place, item_id
LIMIT 5
