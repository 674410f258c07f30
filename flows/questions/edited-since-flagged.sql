-- Whose words were changed after they were flagged: what was flagged, and what does the item say now?
SELECT flag_id, clause, severity, status, flagged_at, evidence AS flagged_words, text AS says_now, items.url
FROM flags
JOIN items USING (item_id)
WHERE items.revision > flags.revision
ORDER BY flagged_at DESC, flag_id
