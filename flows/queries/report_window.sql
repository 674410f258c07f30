-- From when to when this run's report tells: since the last report that somebody was sent, or since ever.
WITH sent_to_somebody AS (
    SELECT run_id, composed_at FROM store.report WHERE report_id IN (SELECT report_id FROM store.message)
),
this_one AS (
    SELECT coalesce((SELECT max(composed_at) FROM sent_to_somebody WHERE run_id = $run_id), $now::TIMESTAMPTZ) AS until
)
SELECT coalesce(max(composed_at), 'epoch'::TIMESTAMPTZ) AS since, any_value(until) AS until
FROM this_one LEFT JOIN sent_to_somebody ON run_id <> $run_id AND composed_at < until
