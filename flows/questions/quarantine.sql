-- What could not be read as an item, from where, why and how often? `acto query "FROM quarantine"` has the raw bytes.
SELECT source, reason, count(*) AS times, min(seen_at) AS first_seen, max(seen_at) AS last_seen
FROM quarantine
GROUP BY source, reason
ORDER BY times DESC, source, reason
