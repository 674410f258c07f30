-- One page of the flags that are asked for, the most severe and the oldest first, each with the text that it was found in.
WITH chosen AS (
    SELECT *, count(*) OVER () AS total
    FROM flag_now
    WHERE ($status IS NULL OR status = $status)
        AND ($severity IS NULL OR severity = $severity)
        AND ($clause IS NULL OR clause = $clause)
        AND ($platform IS NULL OR platform = $platform)
        AND ($source IS NULL OR source = $source)
        AND ($check IS NULL OR check_id = $check)
        AND ($run IS NULL OR run_id = $run)
        AND ($since::TIMESTAMPTZ IS NULL OR flagged_at >= $since::TIMESTAMPTZ)
        AND ($until::TIMESTAMPTZ IS NULL OR flagged_at < $until::TIMESTAMPTZ)
    ORDER BY rank, flagged_at, flag_id
    LIMIT $take OFFSET $skip
)
SELECT chosen.*, revision.text, coalesce(named.title, chosen.check_id) AS title
FROM chosen
LEFT JOIN store.revision ON revision.revision_id = chosen.revision_id
LEFT JOIN named ON named.check_id = chosen.check_id
ORDER BY rank, flagged_at, flag_id
