-- What was drawn for the random audit and not looked at yet, the oldest first; at most ten, each item once with the newest
-- of its versions that wait.
SELECT audit.item_id AS item, audit.revision, items.platform, items.kind, items.author_role, parent.text AS answers, audit.text,
    items.url
FROM store.audit
JOIN items USING (item_id)
LEFT JOIN items AS parent ON parent.item_id = items.parent_id
WHERE audit.waits
QUALIFY row_number() OVER (PARTITION BY audit.item_id ORDER BY audit.revision DESC) = 1
ORDER BY audit.drawn_at, audit.item_id
LIMIT 10
