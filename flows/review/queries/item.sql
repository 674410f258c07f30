-- A flagged item as it is now.
SELECT items.*, kept.parent_text
FROM items
CROSS JOIN (SELECT parent_text FROM store.item WHERE item_id = $item_id) AS kept
WHERE item_id = $item_id
