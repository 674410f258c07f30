-- What was deleted or is no longer there, when was that seen, and had it been flagged?
-- Of whom neither name nor handle is kept (any longer), nobody can tell what they were: they are "not known".
WITH changed AS (SELECT item_key, max(recorded_at) AS noticed_at FROM store.state GROUP BY item_key)
SELECT
    items.item_id,
    items.state,
    items.state_reason,
    items.last_seen_at,
    changed.noticed_at,
    CASE
        WHEN items.author_role = 'public' AND coalesce(items.author_name, items.author_handle) IS NULL THEN 'not known'
        ELSE items.author_role
    END AS author_role,
    coalesce(list_sort(list_distinct(list(flags.clause) FILTER (flags.clause IS NOT NULL))), []) AS flagged_under,
    any_value(items.text) AS text
FROM items
JOIN store.item AS stored USING (item_id)
JOIN changed ON changed.item_key = stored.item_key
LEFT JOIN flags USING (item_id)
WHERE items.state IN ('deleted', 'absent')
GROUP BY ALL
ORDER BY noticed_at DESC, item_id
