-- How far the messages of a run's report are, one row each.
SELECT arg_max(state, delivery.rowid) AS state
FROM store.delivery JOIN store.report USING (report_id)
WHERE run_id = ?
GROUP BY report_id, recipient
