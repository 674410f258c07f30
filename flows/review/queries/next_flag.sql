-- The open flag that comes after this one in the inbox; after the last one the first.
WITH flags_in_order AS (
    SELECT flag_id, status, row_number() OVER (
        ORDER BY list_position(['urgent', 'high', 'normal', 'low'], severity), flagged_at, flag_id
    ) AS place
    FROM flag_now
)
SELECT flag_id
FROM flags_in_order
WHERE status = 'open' AND flag_id <> $flag_id
ORDER BY place < (SELECT place FROM flags_in_order WHERE flag_id = $flag_id), place
LIMIT 1
