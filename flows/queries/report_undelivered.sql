-- Earlier reports that still wait, and those of which came out in the last two weeks that they cannot be sent at all, however
-- long they had waited by then.
SELECT run_id, composed_at, status, coalesce(why, '') AS why
FROM reports
LEFT JOIN (
    SELECT report_id, arg_max(note, rowid) AS why, max(recorded_at) AS failed_at
    FROM store.delivery
    WHERE state = 'failed'
    GROUP BY report_id
) USING (report_id)
WHERE run_id <> $run_id AND composed_at < $until::TIMESTAMPTZ
    AND (status = 'waiting' OR (status = 'failed' AND failed_at >= $until::TIMESTAMPTZ - INTERVAL 14 DAY))
ORDER BY composed_at
