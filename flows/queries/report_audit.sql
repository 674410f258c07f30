-- How many texts that were not flagged wait to be looked at for the random audit.
SELECT count(DISTINCT item_id) AS waiting
FROM store.audit
WHERE missed IS NULL AND text <> '' AND drawn_at <= $until::TIMESTAMPTZ
