-- Reports and whether they have been sent. A report that nobody was to get counts as sent when it was composed.
CREATE OR REPLACE VIEW reports AS
WITH
delivery AS (
    SELECT report_id, recipient, arg_max(state, rowid) AS state, arg_max(recorded_at, rowid) AS recorded_at
    FROM store.delivery
    GROUP BY ALL
),
counted AS (
    SELECT report_id, string_agg(recipient, ', ' ORDER BY recipient) AS recipients, bool_and(state = 'sent') AS sent,
        bool_or(state = 'failed') AS failed, max(recorded_at) FILTER (state = 'sent') AS sent_at
    FROM delivery
    GROUP BY report_id
)
SELECT
    report.report_id,
    report.run_id,
    report.composed_at,
    if(sent, counted.sent_at, NULL) AS sent_at,
    coalesce(counted.recipients, '') AS recipients,
    report.subject,
    CASE WHEN coalesce(sent, true) THEN 'sent' WHEN failed THEN 'failed' ELSE 'waiting' END AS status
FROM store.report
LEFT JOIN counted USING (report_id);
