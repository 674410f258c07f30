-- What the last scan read of each source, and how it ended itself; what was not read in full comes first. `of_days`: only what
-- was begun on days that the user gave was asked for.
SELECT source, platform, coverage.outcome, reason, items_seen, expected, coalesce(quarantined, 0) AS quarantined, started_at,
    runs.ended_at, runs.outcome AS ended, note, of_days
FROM store.coverage
JOIN runs USING (run_id)
JOIN store.run_ended USING (run_id)
WHERE run_id = (SELECT arg_max(run_id, started_at) FROM runs WHERE kind = 'scan' AND ended_at IS NOT NULL)
ORDER BY coverage.outcome = 'complete', source
