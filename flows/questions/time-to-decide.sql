-- How long do decisions take, by urgency: days from the flag to the first decision?
WITH first_decision AS (SELECT flag_id, min(decided_at) AS decided_at FROM decisions GROUP BY flag_id)
SELECT
    severity,
    count(*) AS flags,
    count(decided.decided_at) AS decided,
    round(median(date_diff('minute', flagged_at, decided.decided_at)) / 1440, 1) AS median_days,
    round(max(date_diff('minute', flagged_at, decided.decided_at)) / 1440, 1) AS longest_days
FROM flags
LEFT JOIN first_decision AS decided USING (flag_id)
GROUP BY severity
ORDER BY list_position(['urgent', 'high', 'normal', 'low'], severity)
