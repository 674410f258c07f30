-- What the last scan read of each source, and how it ended itself; what was not read in full comes first. `of_days`: only what
-- was begun on days that the user gave was asked for (as in flows/queries/scan_since.sql).
SELECT source, platform, coverage.outcome, reason, items_seen, expected, coalesce(quarantined, 0) AS quarantined, started_at,
    runs.ended_at, runs.outcome AS ended, note,
    '00:00'::TIME IN ((since AT TIME ZONE 'Europe/London')::TIME, (until AT TIME ZONE 'Europe/London')::TIME) AS of_days
FROM coverage
JOIN runs USING (run_id)
JOIN store.run_ended USING (run_id)
WHERE run_id = (SELECT arg_max(run_id, started_at) FROM runs WHERE kind = 'scan' AND ended_at IS NOT NULL)
ORDER BY coverage.outcome = 'complete', source
