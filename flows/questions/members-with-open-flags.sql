-- Which members have open flags, the most urgent first? A flag asks for a look; it is no finding against anybody.
SELECT
    author_name AS member,
    items.platform,
    arg_min(severity, list_position(['urgent', 'high', 'normal', 'low'], severity)) AS most_urgent,
    list_sort(list_distinct(list(clause))) AS clauses,
    count(*) AS open_flags,
    min(flagged_at) AS oldest
FROM flags
JOIN items USING (item_id)
WHERE status = 'open' AND author_role = 'member'
GROUP BY author_name, coalesce(author_id, author_handle), items.platform
ORDER BY list_position(['urgent', 'high', 'normal', 'low'], most_urgent), oldest, member
