-- Removes the words of the reports in `due_reports`. One that still waits to be sent has told nobody: it counts as failed,
-- so that its flags are told again by the next report.
UPDATE store.report SET html = getvariable('note_html'), plain = getvariable('note_plain')
WHERE report_id IN (SELECT report_id FROM due_reports);
INSERT INTO store.delivery
SELECT report_id, recipient, 'failed', getvariable('note_waiting'), getvariable('now')::TIMESTAMPTZ
FROM (SELECT report_id, recipient, arg_max(state, rowid) AS state FROM store.delivery GROUP BY ALL)
SEMI JOIN due_reports USING (report_id)
WHERE state NOT IN ('sent', 'failed');
UPDATE store.message SET body = ''::BLOB WHERE report_id IN (SELECT report_id FROM due_reports);
INSERT INTO store.removed
SELECT 'report', NULL, 'quoted', getvariable('run_id'), getvariable('now')::TIMESTAMPTZ
FROM (SELECT report_id FROM due_reports UNION ALL SELECT report_id FROM due_quotes);
