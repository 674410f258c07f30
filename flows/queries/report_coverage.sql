SELECT
    source, platform, outcome, reason, since, items_seen, items_new, items_edited, items_gone, expected, quarantined,
    (
        SELECT list(reason ORDER BY reason) FROM (
            SELECT DISTINCT reason FROM quarantine
            WHERE quarantine.run_id = coverage.run_id AND quarantine.source = coverage.source
            ORDER BY reason LIMIT 3
        )
    ) AS unreadable
FROM coverage
WHERE run_id = $run_id
ORDER BY outcome = 'complete', source
