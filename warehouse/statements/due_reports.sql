-- Frozen reports whose words are to go: those that are older than what was closed may be, whole (`due_reports`); and what
-- was told of the items in `expiring`, flag by flag (`due_quotes`), with the names that it may have been told with.
-- `note_html` is what stands in a report whose words are gone.
CREATE OR REPLACE TEMP TABLE due_reports AS
SELECT report_id, run_id
FROM store.report
WHERE html <> getvariable('note_html')
    AND (
        composed_at < getvariable('reports_before')::TIMESTAMPTZ
        OR composed_at > getvariable('now')::TIMESTAMPTZ
        AND run_id IN (SELECT run_id FROM store.overtaken WHERE overtaken_at < getvariable('reports_before')::TIMESTAMPTZ)
    );

CREATE OR REPLACE TEMP TABLE due_quotes AS
SELECT
    report_id,
    run_id,
    list(DISTINCT flag_id ORDER BY flag_id) AS flag_ids,
    list_filter(list_distinct(list_concat(list(author_name), list(author_handle))), lambda name: name <> '') AS names
FROM store.quoted
SEMI JOIN expiring USING (item_key)
JOIN store.report USING (report_id)
JOIN (SELECT item_key, author_name, author_handle FROM store.item) AS item USING (item_key)
JOIN (SELECT flag_id, item_key FROM store.flag) AS flag USING (item_key)
WHERE html <> getvariable('note_html') AND report_id NOT IN (SELECT report_id FROM due_reports)
GROUP BY ALL;
