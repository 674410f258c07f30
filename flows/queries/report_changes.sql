-- Items edited, gone and back since the last report, at most five of each, those with an open flag first.
-- What retention has emptied since is as gone, or as present, as it was before.
WITH states AS (
    SELECT item_key, arg_max(state, rowid) AS state
    FROM store.state
    WHERE state <> 'expired' AND recorded_at > $since::TIMESTAMPTZ AND recorded_at <= $until::TIMESTAMPTZ
    GROUP BY item_key
),
-- What could not be read for a while, and was read again, was never gone.
was_gone AS (
    SELECT item_key
    FROM store.state
    WHERE state <> 'expired' AND recorded_at <= $since::TIMESTAMPTZ
    GROUP BY item_key
    HAVING arg_max(state, rowid) IN ('absent', 'deleted')
    UNION
    SELECT item_key
    FROM store.state
    WHERE recorded_at > $since::TIMESTAMPTZ AND recorded_at <= $until::TIMESTAMPTZ AND state IN ('absent', 'deleted')
),
changes AS (
    SELECT DISTINCT item_key, 'edited' AS change
    FROM store.revision
    WHERE revision > 1 AND seen_at > $since::TIMESTAMPTZ AND seen_at <= $until::TIMESTAMPTZ
    UNION ALL
    SELECT item_key, if(state = 'present', 'back', 'gone')
    FROM states
    WHERE state IN ('absent', 'deleted') OR (state = 'present' AND item_key IN (FROM was_gone))
),
open_flags AS (SELECT DISTINCT item_id FROM flags WHERE status = 'open')
SELECT
    change, platform, kind, url, created_at,
    open_flags.item_id IS NOT NULL AS flagged,
    count(*) OVER (PARTITION BY change) AS total
FROM changes
JOIN store.item USING (item_key)
LEFT JOIN open_flags USING (item_id)
QUALIFY row_number() OVER (PARTITION BY change ORDER BY flagged DESC, created_at DESC NULLS LAST, item_id) <= 5
ORDER BY change DESC, flagged DESC, created_at DESC NULLS LAST, item_id
