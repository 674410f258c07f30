-- How many flags were raised under each clause in each month (London's), and what has become of them?
SELECT
    strftime(flagged_at AT TIME ZONE 'Europe/London', '%Y-%m') AS month,
    clause,
    count(*) AS flags,
    count(*) FILTER (status = 'open') AS still_open,
    count(*) FILTER (status IN ('removal_asked', 'escalated', 'resolved')) AS upheld,
    count(*) FILTER (status = 'dismissed') AS dismissed,
    count(*) FILTER (status = 'expired') AS no_longer_found
FROM flags
GROUP BY month, clause
ORDER BY month DESC, clause
