-- What retention has removed since the last report, by what it was and why.
SELECT what, rule, count(*) AS number
FROM store.removed
WHERE recorded_at > $since::TIMESTAMPTZ AND recorded_at <= $until::TIMESTAMPTZ
GROUP BY what, rule
ORDER BY list_position(['item', 'entry', 'report', 'page'], what), number DESC, rule
