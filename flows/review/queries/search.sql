-- Items that hold the words in any version of their text, in their author's name or handle, or in their id.
WITH
-- In each the newest version that holds the words, or 0 where the author or the id does.
holding AS (
    SELECT item_key, max(revision) AS revision FROM (
        SELECT item_key, revision FROM store.revision WHERE contains(lower(text), lower($words))
        UNION ALL
        SELECT item_key, 0 FROM store.item
        WHERE contains(lower(author_name), lower($words)) OR contains(lower(author_handle), lower($words))
            OR contains(lower(item_id), lower($words))
    )
    GROUP BY item_key
)
SELECT item_key, item_id, item.platform, item.kind, item.author_name, item.author_handle, created_at, url,
    holding.revision AS holds, count(*) OVER () AS total
FROM holding JOIN store.item USING (item_key)
ORDER BY created_at DESC NULLS LAST, item_id
LIMIT $take OFFSET $skip
