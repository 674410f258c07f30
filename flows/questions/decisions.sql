-- What was decided about flags, why and by whom, and how many days after they were raised?
SELECT
    decided.decided_at,
    flags.clause,
    flags.severity,
    decided.decision,
    decided.reason,
    decided.decided_by,
    round(date_diff('minute', flags.flagged_at, decided.decided_at) / 1440, 1) AS days,
    flags.flag_id
FROM decisions AS decided
JOIN flags USING (flag_id)
ORDER BY decided.decided_at DESC, flag_id
