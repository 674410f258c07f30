-- The checks as they last ran, and of their decided flags the share that was upheld, with Wilson's 95 % interval.
WITH
counted AS (
    SELECT check_id, count(*) AS total, count(*) FILTER (status = 'open') AS open,
        count(*) FILTER (status = 'dismissed') AS dismissed,
        count(*) FILTER (status IN ('removal_asked', 'escalated', 'resolved')) AS upheld
    FROM flag_now
    GROUP BY check_id
),
shares AS (
    SELECT check_id, version, clause, severity, title, coalesce(total, 0) AS total, coalesce(counted.open, 0) AS open,
        coalesce(upheld, 0) AS upheld, coalesce(upheld + counted.dismissed, 0) AS decided, upheld / nullif(decided, 0) AS share
    FROM check_then
    LEFT JOIN counted USING (check_id)
)
SELECT *, unnest(store.wilson(share, nullif(decided, 0)))
FROM shares
ORDER BY clause, check_id
