-- When the last scan of everything began that did not fail: not of some sources, nor of some days (as in scan_since.sql).
SELECT started_at
FROM runs
WHERE kind = 'scan' AND outcome IN ('complete', 'partial')
    AND run_id NOT IN (
        SELECT run_id FROM coverage
        WHERE outcome = 'skipped'
            OR '00:00'::TIME IN ((since AT TIME ZONE 'Europe/London')::TIME, (until AT TIME ZONE 'Europe/London')::TIME)
    )
ORDER BY started_at DESC
LIMIT 1
