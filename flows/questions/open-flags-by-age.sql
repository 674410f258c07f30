-- For how long have the open flags waited, by urgency?
SELECT
    severity,
    count(*) AS open_flags,
    count(*) FILTER (flagged_at > now() - INTERVAL 7 DAYS) AS up_to_a_week,
    count(*) FILTER (flagged_at BETWEEN now() - INTERVAL 30 DAYS AND now() - INTERVAL 7 DAYS) AS up_to_30_days,
    count(*) FILTER (flagged_at < now() - INTERVAL 30 DAYS) AS longer,
    min(flagged_at) AS oldest
FROM flags
WHERE status = 'open'
GROUP BY severity
ORDER BY list_position(['urgent', 'high', 'normal', 'low'], severity)
