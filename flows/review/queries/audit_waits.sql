-- Whether a drawn version of an item still waits to be looked at.
SELECT item_id, revision, platform FROM audit_now JOIN store.item USING (item_id)
WHERE item_id = $item_id AND revision::VARCHAR = $revision AND waits
LIMIT 1
