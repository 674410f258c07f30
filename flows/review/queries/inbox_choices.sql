-- What can be filtered by: where flags are, and what found them.
WITH flagged AS (
    SELECT DISTINCT platform, source, check_id FROM flag_then
)
SELECT
    (SELECT list(DISTINCT platform ORDER BY platform) FROM flagged) AS platforms,
    (SELECT list(DISTINCT source ORDER BY source) FROM flagged) AS sources,
    (
        SELECT list({'check_id': check_id, 'title': title} ORDER BY title)
        FROM named
        WHERE check_id IN (SELECT check_id FROM flagged)
    ) AS checks
