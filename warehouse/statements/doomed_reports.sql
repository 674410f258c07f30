-- The reports that quote what is to be erased, or tell of it, as was found: `telling`.
CREATE OR REPLACE TEMP TABLE due_reports AS
SELECT report_id, run_id
FROM store.report
WHERE html <> getvariable('note_html')
    AND (
        report_id IN (SELECT report_id FROM store.quoted SEMI JOIN doomed USING (item_key))
        OR list_contains(getvariable('telling')::VARCHAR[], report_id)
    );
