-- When the last scan of everything began that did not fail: not of some sources, nor of some days.
SELECT started_at
FROM runs
WHERE kind = 'scan' AND outcome IN ('complete', 'partial')
    AND run_id NOT IN (FROM store.scanned_in_part)
ORDER BY started_at DESC
LIMIT 1
