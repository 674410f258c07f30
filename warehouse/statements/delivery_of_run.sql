-- How far the messages of a run's report are, one row each, and what was noted of it last.
SELECT recipient, arg_max(state, delivery.rowid) AS state, arg_max(note, delivery.rowid) AS note
FROM store.delivery JOIN store.report USING (report_id)
WHERE run_id = ?
GROUP BY report_id, recipient
ORDER BY recipient
