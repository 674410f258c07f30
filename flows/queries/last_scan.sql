-- When the last scan of everything began that did not fail: not of some sources, nor of some days.
SELECT started_at
FROM runs
WHERE kind = 'scan' AND outcome IN ('complete', 'partial')
    AND run_id NOT IN (
        SELECT run_id FROM store.coverage WHERE outcome = 'skipped' OR of_days
    )
ORDER BY started_at DESC
LIMIT 1
