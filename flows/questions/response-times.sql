-- How long does ACTO take to answer reviews and comments? Not everything needs an answer.
WITH answers AS (
    SELECT parent_id AS item_id, min(created_at) AS answered_at
    FROM items
    WHERE author_role = 'official' AND parent_id IS NOT NULL
    GROUP BY parent_id
)
SELECT
    platform,
    kind,
    count(*) AS received,
    count(answered_at) AS answered,
    round(median(date_diff('minute', created_at, answered_at)) / 60, 1) AS median_hours,
    round(max(date_diff('minute', created_at, answered_at)) / 60, 1) AS longest_hours
FROM items
LEFT JOIN answers USING (item_id)
WHERE kind IN ('review', 'comment', 'reply', 'mention') AND author_role <> 'official'
GROUP BY platform, kind
ORDER BY platform, kind
