-- When was each source last read whole, and how often was it not?
-- Scans of some days (of_days: `--since` or `--until` was given) are left out: none of them reads a source whole.
SELECT
    source,
    platform,
    count(*) AS reads,
    count(*) FILTER (coverage.outcome = 'complete') AS complete,
    count(*) FILTER (coverage.outcome = 'partial') AS partial,
    count(*) FILTER (coverage.outcome IN ('unread', 'skipped')) AS not_read,
    max(started_at) FILTER (coverage.outcome = 'complete') AS last_complete,
    sum(quarantined)::BIGINT AS quarantined
FROM store.coverage AS coverage
JOIN runs USING (run_id)
WHERE of_days IS NOT TRUE
GROUP BY source, platform
ORDER BY last_complete NULLS FIRST, source
