-- What the last scan read of each source; what was not read in full comes first.
SELECT source, platform, coverage.outcome, reason, items_seen, expected, quarantined, started_at, ended_at
FROM coverage
JOIN runs USING (run_id)
WHERE run_id = (SELECT arg_max(run_id, started_at) FROM runs WHERE kind = 'scan' AND ended_at IS NOT NULL)
ORDER BY coverage.outcome = 'complete', source
