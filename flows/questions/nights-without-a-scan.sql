-- Between which scans of everything did more than 36 hours pass, so that a night was missed?
-- Those that failed do not count, nor those of some sources or of some days (of_days: `--since` or `--until` was given).
WITH whole AS (
    SELECT started_at
    FROM runs
    WHERE kind = 'scan' AND outcome IN ('complete', 'partial')
        AND run_id NOT IN (FROM store.scanned_in_part)
)
SELECT before AS last_scan, started_at AS next_scan, round(date_diff('minute', before, started_at) / 1440, 1) AS days
FROM (SELECT started_at, lag(started_at) OVER (ORDER BY started_at) AS before FROM whole)
WHERE started_at - before > INTERVAL 36 HOURS
ORDER BY next_scan DESC
