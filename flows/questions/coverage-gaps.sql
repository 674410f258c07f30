-- On which nights was a source not read whole, and why?
SELECT started_at, source, platform, coverage.outcome, reason, items_seen, expected, quarantined
FROM coverage
JOIN runs USING (run_id)
WHERE coverage.outcome <> 'complete'
ORDER BY started_at DESC, source
