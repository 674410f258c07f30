-- What was lawfully changed or removed since it was captured, by reason and day.
SELECT change, about, date_trunc('day', recorded_at) AS day, seal.kind, count(*) AS pieces
FROM store.seal JOIN store.link ON link.number = seal.link
WHERE change <> 'captured'
GROUP BY ALL
ORDER BY day, about, seal.kind
