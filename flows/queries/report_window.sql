-- From when to when this run's report tells: since the last report that somebody was sent, or since ever.
-- A report that every recipient's mail server had refused by then has told nobody.
WITH sent_to_somebody AS (
    SELECT report_id, run_id, composed_at FROM store.report WHERE report_id IN (SELECT report_id FROM store.message)
),
this_one AS (
    SELECT coalesce((SELECT max(composed_at) FROM store.report WHERE run_id = $run_id), $now::TIMESTAMPTZ) AS until
),
refused AS (
    SELECT report_id
    FROM (
        SELECT report_id, arg_max(state, rowid) AS state
        FROM store.delivery
        WHERE recorded_at <= (SELECT until FROM this_one)
        GROUP BY report_id, recipient
    )
    GROUP BY report_id
    HAVING bool_and(state = 'failed')
)
SELECT coalesce(max(composed_at), 'epoch'::TIMESTAMPTZ) AS since, any_value(until) AS until
FROM this_one
LEFT JOIN sent_to_somebody ON run_id <> $run_id AND composed_at < until AND report_id NOT IN (FROM refused)
