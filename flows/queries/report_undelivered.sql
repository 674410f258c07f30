-- Earlier reports of which a copy still waits, and those of which it came out in the last two weeks that a copy cannot be sent
-- at all, however long it had waited by then: who was refused, for whom it waits, whom it reached.
WITH copy AS (
    SELECT report_id, recipient, arg_max(state, rowid) AS state, arg_max(note, rowid) AS note,
        arg_max(recorded_at, rowid) AS recorded_at
    FROM store.delivery
    GROUP BY ALL
),
standing AS (
    SELECT report_id, recipient, note, CASE WHEN state IN ('sent', 'failed') THEN state ELSE 'waiting' END AS state,
        state = 'failed' AND recorded_at >= $until::TIMESTAMPTZ - INTERVAL 14 DAY AS lately_refused
    FROM copy
)
SELECT
    run_id,
    composed_at,
    coalesce(list(recipient ORDER BY recipient) FILTER (state = 'failed'), []) AS refused,
    coalesce(list(recipient ORDER BY recipient) FILTER (state = 'waiting'), []) AS waiting,
    coalesce(list(recipient ORDER BY recipient) FILTER (state = 'sent'), []) AS reached,
    coalesce(arg_max(note, recipient) FILTER (state = 'failed'), '') AS why
FROM standing
JOIN reports USING (report_id)
WHERE run_id <> $run_id AND composed_at < $until::TIMESTAMPTZ
GROUP BY run_id, composed_at
HAVING bool_or(state = 'waiting' OR lately_refused)
ORDER BY composed_at
