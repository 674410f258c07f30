-- What the run read of each source, and how it was read in the last scans that were to read it, this one included: those of
-- some days are left out, for none of them reads a source in full. Where the user gave days, from when to when: `until` is the
-- last moment of the last day, which ends at midnight in London (what was read up to the scan's own beginning has none).
WITH scans AS (
    SELECT run_id
    FROM store.run_started
    WHERE kind = 'scan' AND rowid <= (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
        AND run_id NOT IN (SELECT run_id FROM store.coverage WHERE of_days)
    ORDER BY rowid DESC
    LIMIT 14
),
lately AS (
    SELECT source, count(*) AS scans, count(*) FILTER (outcome = 'complete') AS in_full
    FROM coverage SEMI JOIN scans USING (run_id)
    WHERE outcome <> 'skipped'
    GROUP BY source
)
SELECT
    source, platform, outcome, reason, since, of_days,
    if(of_days AND (until AT TIME ZONE 'Europe/London')::TIME = '00:00', until - INTERVAL 1 MICROSECOND, NULL) AS until,
    items_seen, items_new, items_edited, items_gone, expected, quarantined,
    (
        SELECT list(reason ORDER BY reason) FROM (
            SELECT DISTINCT reason FROM quarantine
            WHERE quarantine.run_id = coverage.run_id AND quarantine.source = coverage.source
            ORDER BY reason LIMIT 3
        )
    ) AS unreadable,
    coalesce(scans, 0) AS scans,
    coalesce(in_full, 0) AS in_full
FROM store.coverage AS coverage
LEFT JOIN lately USING (source)
WHERE run_id = $run_id
ORDER BY outcome = 'complete', source
