-- Items that hold the words in any version of their text, in their author's name or handle, or in their id.
WITH
-- In each the newest version that holds the words, or 0 where the author or the id does.
holding AS (
    SELECT item_key, max(revision) AS revision FROM (
        SELECT item_key, revision FROM store.revision WHERE contains(lower(text), lower($words))
        UNION ALL
        SELECT item_key, 0 FROM store.item
        WHERE contains(lower(concat_ws(chr(31), author_name, author_handle, item_id)), lower($words))
    )
    GROUP BY item_key
),
chosen AS (
    SELECT item.*, holding.revision AS holds, count(*) OVER () AS total
    FROM holding JOIN store.item USING (item_key)
    ORDER BY created_at DESC NULLS LAST, item_id
    LIMIT $take OFFSET $skip
),
versions AS (
    SELECT item_key, revision, text, max(revision) OVER (PARTITION BY item_key) AS newest
    FROM store.revision SEMI JOIN chosen USING (item_key)
)
SELECT
    chosen.item_id, chosen.platform, chosen.kind, chosen.author_name, chosen.author_handle, chosen.created_at, chosen.url, chosen.total,
    versions.text, versions.revision, versions.newest,
    strpos(lower(versions.text), lower($words)) - 1 AS start_char,
    (
        SELECT list({'flag_id': flag_id, 'clause': clause, 'status': status} ORDER BY clause)
        FROM flag_now WHERE flag_now.item_id = chosen.item_id
    ) AS flags
FROM chosen
LEFT JOIN versions ON versions.item_key = chosen.item_key
    AND versions.revision = if(chosen.holds = 0, versions.newest, chosen.holds)
ORDER BY chosen.created_at DESC NULLS LAST, chosen.item_id
