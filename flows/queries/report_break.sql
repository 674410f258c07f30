-- When the scan of everything before this run's began: the last one that did not fail, in the order in which they were made
-- (a clock may have been wrong). Not of some sources, nor of some days.
SELECT started_at
FROM store.run_started
JOIN store.run_ended USING (run_id)
WHERE kind = 'scan' AND outcome <> 'failed'
    AND run_started.rowid < (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
    AND run_id NOT IN (FROM store.scanned_in_part)
ORDER BY run_started.rowid DESC
LIMIT 1
