-- The last scans, the newest first.
SELECT run_id, started_at, ended_at, outcome, items_new, items_edited, items_gone, flags_new
FROM runs
WHERE kind = 'scan'
ORDER BY started_at DESC
LIMIT $scans
