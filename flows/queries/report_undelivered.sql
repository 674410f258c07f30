-- Earlier reports that still wait, and those of the last two weeks that could not be sent at all.
SELECT composed_at, status
FROM reports
WHERE run_id <> $run_id AND composed_at < $until::TIMESTAMPTZ
    AND (status = 'waiting' OR (status = 'failed' AND composed_at >= $until::TIMESTAMPTZ - INTERVAL 14 DAY))
ORDER BY composed_at
