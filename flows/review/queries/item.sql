-- A flagged item as it is now.
FROM flagged WHERE item_id = $item_id
