-- When the scan of everything before this run's began: the last one that did not fail, in the order in which they were made
-- (a clock may have been wrong). Not of some sources, nor of some days. `others_since`: such as failed, or read a part, came after it.
SELECT
    started_at,
    EXISTS (
        FROM store.run_started AS other
        WHERE other.kind = 'scan' AND other.rowid > run_started.rowid
            AND other.rowid < (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
    ) AS others_since
FROM store.run_started
JOIN store.run_ended USING (run_id)
WHERE kind = 'scan' AND outcome <> 'failed'
    AND run_started.rowid < (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
    AND run_id NOT IN (FROM store.scanned_in_part)
ORDER BY run_started.rowid DESC
LIMIT 1
