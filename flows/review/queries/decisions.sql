-- The log of decisions, the newest first.
SELECT decision_now.*, flag.clause, flag.severity, item.item_id, item.platform, item.kind, named.title, count(*) OVER () AS total
FROM decision_now
LEFT JOIN store.flag USING (flag_id)
LEFT JOIN store.item USING (item_key)
LEFT JOIN named USING (check_id)
ORDER BY decided_at DESC, place DESC
LIMIT $take OFFSET $skip
