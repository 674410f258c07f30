-- When the last scan of everything began since then whose report was sent to somebody: not of some sources, nor of some days.
SELECT max(started_at)
FROM runs
JOIN reports USING (run_id)
WHERE kind = 'scan' AND outcome IN ('complete', 'partial') AND status = 'sent' AND recipients <> '' AND started_at > $since
    AND run_id NOT IN (FROM store.scanned_in_part)
