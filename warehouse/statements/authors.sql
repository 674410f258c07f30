-- The accounts that `who` names: by id, handle or name, or by an item (platform:id), which one account has written. What has
-- no id is known by its handle, or else by its name, and is no other's account whose id or handle reads the same.
WITH
authored AS (
    SELECT
        platform,
        item_id,
        coalesce(author_id, author_handle, author_name) AS account,
        CASE WHEN author_id IS NOT NULL THEN 1 WHEN author_handle IS NOT NULL THEN 2 ELSE 3 END AS known_by,
        author_id,
        author_name,
        author_handle
    FROM store.item
    WHERE coalesce(author_id, author_handle, author_name) IS NOT NULL
        AND (getvariable('platform') IS NULL OR platform = getvariable('platform'))
),
named AS (
    SELECT DISTINCT platform, account, known_by FROM authored
    WHERE item_id = getvariable('who')
        OR lower(getvariable('who')) IN (lower(author_id), lower(author_name), lower(ltrim(author_handle, '@')))
)
SELECT
    platform,
    account,
    coalesce(list(DISTINCT author_name) FILTER (author_name IS NOT NULL), []),
    coalesce(list(DISTINCT author_handle) FILTER (author_handle IS NOT NULL), []),
    list(item_id ORDER BY item_id)
FROM authored
JOIN named USING (platform, account, known_by)
GROUP BY platform, account, known_by
ORDER BY platform, account, known_by;
