-- The open flag that comes after this one in the inbox; after the last one the first.
SELECT flag_id
FROM flag_now
WHERE status = 'open' AND flag_id <> $flag_id
ORDER BY (rank, flagged_at, flag_id) < ($rank, $flagged_at::TIMESTAMPTZ, $flag_id), rank, flagged_at, flag_id
LIMIT 1
