-- Every flag with what a person needs to judge it; urgent and old first.
SELECT
    flag_id AS flag,
    status,
    flags.severity,
    flags.clause,
    title,
    evidence,
    reason,
    flags.item_id,
    items.url,
    flagged_at
FROM flags
JOIN items USING (item_id)
JOIN checks USING (check_id)
ORDER BY list_position(['urgent', 'high', 'normal', 'low'], flags.severity), flagged_at, flag_id
