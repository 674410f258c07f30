-- The other flags of the same item.
SELECT flag_id, status, severity, clause, evidence, revision
FROM flag_now
WHERE item_id = $item_id AND flag_id <> $flag_id
ORDER BY revision DESC, rank
