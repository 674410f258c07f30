-- Between which scans did more than 36 hours pass, so that a night was missed?
SELECT before AS last_scan, started_at AS next_scan, round(date_diff('minute', before, started_at) / 1440, 1) AS days
FROM (SELECT started_at, lag(started_at) OVER (ORDER BY started_at) AS before FROM runs WHERE kind = 'scan')
WHERE started_at - before > INTERVAL 36 HOURS
ORDER BY next_scan DESC
