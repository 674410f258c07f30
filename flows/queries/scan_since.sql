-- When the last scan of all sources began since then whose report was sent to somebody.
SELECT max(started_at)
FROM runs
JOIN reports USING (run_id)
WHERE kind = 'scan' AND outcome IN ('complete', 'partial') AND status = 'sent' AND recipients <> '' AND started_at > $since
    AND run_id NOT IN (SELECT run_id FROM coverage WHERE outcome = 'skipped')
