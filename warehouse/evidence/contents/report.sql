-- A report as it was frozen.
SELECT
    report_id AS subject,
    to_json({
        run_id: run_id, composed_at: epoch_us(composed_at), subject: subject, html: html, plain: plain
    })::VARCHAR AS content
FROM store.report
WHERE report_id IN (SELECT subjects.subject FROM subjects WHERE subjects.kind = 'report')
