-- Texts that were not flagged and wait to be looked at for the random audit: how many, and the five drawn last.
SELECT item_id, platform, kind, created_at, total
FROM (
    SELECT item_id, max(drawn_at) AS drawn_at, count(*) OVER () AS total
    FROM store.audit
    WHERE waits AND drawn_at <= $until::TIMESTAMPTZ
    GROUP BY item_id
    ORDER BY drawn_at DESC, item_id
    LIMIT 5
)
JOIN store.item USING (item_id)
ORDER BY drawn_at DESC, item_id
