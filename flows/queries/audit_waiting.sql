-- How many items were drawn and not looked at yet; audit_open shows the oldest of them.
SELECT count(DISTINCT item_id) AS waiting
FROM store.audit
JOIN items USING (item_id)
WHERE waits
