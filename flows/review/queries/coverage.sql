-- What the last scans read of each source, the oldest first.
WITH scans AS (
    SELECT run_id, started_at FROM runs WHERE kind = 'scan' ORDER BY started_at DESC LIMIT $scans
)
SELECT
    source, platform, started_at, outcome, reason, items_seen, items_new, items_edited, items_gone, expected, quarantined,
    (
        SELECT max(whole.started_at) FROM coverage AS earlier JOIN runs AS whole USING (run_id)
        WHERE earlier.source = coverage.source AND earlier.outcome = 'complete'
    ) AS last_complete
FROM coverage
JOIN scans USING (run_id)
ORDER BY source, started_at
