-- What the last scans read of each source, the oldest first. Those of some days are left out: none of them reads it in full.
WITH scans AS (
    SELECT run_id, started_at
    FROM runs
    WHERE kind = 'scan' AND run_id NOT IN (SELECT run_id FROM store.coverage WHERE of_days)
    ORDER BY started_at DESC
    LIMIT $scans
)
SELECT
    source, platform, started_at, outcome, reason, items_seen, items_new, items_edited, items_gone, expected, quarantined,
    (
        SELECT max(whole.started_at) FROM store.coverage AS earlier JOIN runs AS whole USING (run_id)
        WHERE earlier.source = coverage.source AND earlier.outcome = 'complete' AND earlier.of_days IS NOT TRUE
    ) AS last_complete
FROM coverage
JOIN scans USING (run_id)
ORDER BY source, started_at
