-- Scans since the last report that made none: cut off, or failed as it was written. Whether a report was sent is another matter.
SELECT started_at, note
FROM store.run_started
JOIN store.run_ended USING (run_id)
WHERE kind = 'scan' AND outcome = 'failed' AND run_id NOT IN (SELECT run_id FROM store.report)
    AND started_at > $since::TIMESTAMPTZ
    AND run_started.rowid < (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
ORDER BY run_started.rowid
