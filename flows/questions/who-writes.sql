-- Who writes on each platform: ACTO, its members or the public, how many of them and how much? Nobody is named.
SELECT
    platform,
    author_role,
    count(DISTINCT coalesce(author_id, author_handle, author_name)) AS people,
    count(*) AS items,
    round(count(*) / nullif(people, 0), 1) AS items_per_person,
    max(created_at) AS latest
FROM items
GROUP BY platform, author_role
ORDER BY platform, items DESC, author_role
