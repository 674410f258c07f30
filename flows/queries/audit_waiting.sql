-- How many drawn texts were not looked at yet; audit_open shows the oldest of them.
SELECT count(*) AS waiting
FROM store.audit
JOIN items USING (item_id)
WHERE waits
