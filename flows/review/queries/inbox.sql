-- One page of the flags that are asked for, the most severe and the oldest first, each with the text that it was found in.
WITH
chosen AS MATERIALIZED (
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
),
-- First where they stand, then only those read.
found_in AS (
    SELECT revision_id, text
    FROM store.revision
    WHERE rowid IN (SELECT rowid FROM store.revision WHERE revision_id IN (SELECT revision_id FROM chosen))
)
SELECT chosen.*, found_in.text, coalesce(named.title, chosen.check_id) AS title
FROM chosen
LEFT JOIN found_in ON found_in.revision_id = chosen.revision_id
LEFT JOIN named ON named.check_id = chosen.check_id
ORDER BY rank, flagged_at, flag_id
