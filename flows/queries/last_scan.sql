-- When the last scan of all sources began that did not fail.
SELECT started_at
FROM runs
WHERE kind = 'scan' AND outcome IN ('complete', 'partial')
    AND run_id NOT IN (SELECT run_id FROM coverage WHERE outcome = 'skipped')
ORDER BY started_at DESC
LIMIT 1
