-- Whether a drawn item still waits to be looked at.
SELECT item_id, platform FROM audit_now JOIN store.item USING (item_id)
WHERE item_id = $item_id AND waits
LIMIT 1
