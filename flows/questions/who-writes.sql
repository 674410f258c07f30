-- Who writes on each platform: ACTO, its members or the public, how many of them and how much? Nobody is named.
-- Of whom neither name nor handle is kept (any longer), nobody can tell what they were: they are "not known".
SELECT
    platform,
    if(author_role = 'public' AND coalesce(author_name, author_handle) IS NULL, 'not known', author_role) AS author_role,
    count(DISTINCT coalesce(author_id, author_handle, author_name)) AS people,
    count(*) AS items,
    round(count(*) / nullif(people, 0), 1) AS items_per_person,
    max(created_at) AS latest
FROM items
GROUP BY ALL
ORDER BY platform, items DESC, author_role
