-- The accounts that `who` names, by id, handle or name. What has no id is known by its handle, or else by its name.
WITH
authored AS (
    SELECT platform, item_id, coalesce(author_id, author_handle, author_name) AS account, author_id, author_name, author_handle
    FROM store.item
    WHERE coalesce(author_id, author_handle, author_name) IS NOT NULL
        AND (getvariable('platform') IS NULL OR platform = getvariable('platform'))
),
named AS (
    SELECT DISTINCT platform, account FROM authored
    WHERE lower(getvariable('who')) IN (lower(author_id), lower(author_name), lower(ltrim(author_handle, '@')))
)
SELECT
    platform,
    account,
    coalesce(list(DISTINCT author_name) FILTER (author_name IS NOT NULL), []),
    coalesce(list(DISTINCT author_handle) FILTER (author_handle IS NOT NULL), []),
    list(item_id ORDER BY item_id)
FROM authored
JOIN named USING (platform, account)
GROUP BY platform, account
ORDER BY platform, account;
