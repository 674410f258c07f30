-- rowid settles the order of steps that were recorded in the same microsecond.
SELECT report_id, recipient, message_id, body, delivery.state
FROM store.message
JOIN store.report USING (report_id)
JOIN (
    SELECT report_id, recipient, arg_max(state, rowid) AS state FROM store.delivery GROUP BY ALL
) AS delivery USING (report_id, recipient)
WHERE delivery.state NOT IN ('sent', 'failed')
ORDER BY composed_at, report_id, recipient
