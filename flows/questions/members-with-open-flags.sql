-- Which members have open flags, the one that has waited longest first? A flag asks for a look; nobody is ranked by it.
-- Where neither name nor handle is kept (any longer), nobody can tell whether a member wrote it: those are "not known", together.
SELECT
    if(author_role = 'member', author_name, 'not known') AS member,
    items.platform,
    arg_min(severity, list_position(['urgent', 'high', 'normal', 'low'], severity)) AS most_urgent,
    list_sort(list_distinct(list(clause))) AS clauses,
    count(*) AS open_flags,
    min(flagged_at) AS oldest
FROM flags
JOIN items USING (item_id)
WHERE status = 'open' AND (author_role = 'member' OR author_role = 'public' AND coalesce(author_name, author_handle) IS NULL)
GROUP BY member, if(author_role = 'member', coalesce(author_id, author_handle), NULL), items.platform
ORDER BY oldest, member
