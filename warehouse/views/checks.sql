-- The checks as they last ran, and how often the Chair upheld their flags.
CREATE OR REPLACE VIEW checks AS
WITH
current AS (
    SELECT check_id, max(version) AS version, arg_max(clause, rowid) AS clause, arg_max(severity, rowid) AS severity,
        arg_max(title, rowid) AS title
    FROM store.check_version
    GROUP BY check_id
),
counted AS (
    SELECT check_id, count(*) AS total, count(*) FILTER (status = 'open') AS open,
        count(*) FILTER (status = 'dismissed') AS dismissed,
        count(*) FILTER (status IN ('removal_asked', 'escalated', 'resolved')) AS upheld
    FROM flags
    GROUP BY check_id
)
SELECT
    check_id,
    version,
    clause,
    severity,
    title,
    coalesce(total, 0) AS flags_total,
    coalesce(open, 0) AS open,
    coalesce(dismissed, 0) AS dismissed,
    -- Of the flags that were decided, the share that was upheld; unknown as long as none was.
    upheld / nullif(upheld + dismissed, 0) AS precision,
    coalesce(upheld + dismissed, 0) AS precision_n
FROM current
LEFT JOIN counted USING (check_id);
