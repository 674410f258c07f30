-- Of how many items and people are words kept on each platform, and since when? For a record of processing.
SELECT
    platform,
    author_role,
    count(*) AS items_with_words,
    count(DISTINCT coalesce(author_id, author_handle, author_name)) AS people,
    count(*) FILTER (item_id IN (SELECT item_id FROM flags)) AS flagged,
    min(first_seen_at) AS kept_since
FROM items
WHERE text <> ''
GROUP BY platform, author_role
ORDER BY platform, author_role
