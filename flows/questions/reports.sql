-- Which reports were sent, when, and which still wait or failed?
SELECT composed_at, status, sent_at, date_diff('minute', composed_at, sent_at) AS minutes, recipients, subject, run_id
FROM reports
ORDER BY composed_at DESC
