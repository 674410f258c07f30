-- When was each source last read whole, and how often was it not?
SELECT
    source,
    platform,
    count(*) AS reads,
    count(*) FILTER (coverage.outcome = 'complete') AS complete,
    count(*) FILTER (coverage.outcome = 'partial') AS partial,
    count(*) FILTER (coverage.outcome IN ('unread', 'skipped')) AS not_read,
    max(started_at) FILTER (coverage.outcome = 'complete') AS last_complete,
    sum(quarantined)::BIGINT AS quarantined
FROM coverage
JOIN runs USING (run_id)
GROUP BY source, platform
ORDER BY last_complete NULLS FIRST, source
