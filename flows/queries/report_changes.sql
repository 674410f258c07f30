-- What has become of items since the last report, by kind of change: how many, and of those with a flag that was told before
-- and is still under way at most five, the most severe first. Dismissals whose time is over are "reopened", but of
-- posts that this report tells for their new words.
-- What retention has emptied since is as gone, or as present, as it was before.
WITH states AS (
    SELECT
        item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason,
        bool_or(state IN ('absent', 'deleted')) AS was_gone
    FROM store.state
    WHERE state <> 'expired' AND recorded_at > $since::TIMESTAMPTZ AND recorded_at <= $until::TIMESTAMPTZ
    GROUP BY item_key
),
-- What could not be read for a while, and was read again, was never gone.
gone_before AS (
    SELECT item_key
    FROM store.state SEMI JOIN states USING (item_key)
    WHERE state <> 'expired' AND recorded_at <= $since::TIMESTAMPTZ
    GROUP BY item_key
    HAVING arg_max(state, rowid) IN ('absent', 'deleted')
),
edits AS (
    SELECT item_key, arg_max(text, revision) AS text, max(revision) AS revision
    FROM store.revision
    WHERE revision > 1 AND seen_at > $since::TIMESTAMPTZ AND seen_at <= $until::TIMESTAMPTZ
    GROUP BY item_key
),
open_again AS (
    SELECT flag_id
    FROM store.decision
    WHERE decision = 'reopened' AND decided_at > $since::TIMESTAMPTZ AND decided_at <= $until::TIMESTAMPTZ
    UNION
    -- Written only where an earlier judgement no longer found it.
    SELECT flag_id
    FROM store.flag_standing
    WHERE found AND recorded_at > $since::TIMESTAMPTZ AND recorded_at <= $until::TIMESTAMPTZ
),
flagged AS (
    SELECT flag.item_key, flags.*
    FROM flags JOIN store.flag USING (flag_id)
    WHERE status IN ('open', 'removal_asked', 'escalated') AND NOT list_contains($new::VARCHAR[], flag_id)
),
under_way AS (
    SELECT
        flagged.item_key,
        arg_min(
            struct_pack(flag_id := flag_id, status := status, severity := severity),
            struct_pack(place := list_position(['urgent', 'high', 'normal', 'low'], severity), flag_id := flag_id)
        ) AS worst,
        bool_and(flagged.revision < edits.revision AND evidence <> '' AND NOT contains(edits.text, evidence)) AS edited_away
    FROM flagged
    LEFT JOIN edits USING (item_key)
    GROUP BY flagged.item_key
),
changes AS (
    SELECT item_key, if(edited_away, 'edited_away', 'edited') AS change
    FROM edits LEFT JOIN under_way USING (item_key)
    UNION ALL
    SELECT item_key, CASE
        WHEN state = 'present' THEN 'back'
        WHEN state = 'absent' THEN 'gone'
        WHEN reason IN ('hidden', 'access lost') THEN reason
        ELSE 'deleted'
    END
    FROM states
    WHERE state IN ('absent', 'deleted') OR (state = 'present' AND (was_gone OR item_key IN (FROM gone_before)))
    UNION ALL
    SELECT DISTINCT item_key, 'reopened'
    FROM flagged SEMI JOIN open_again USING (flag_id)
    WHERE status = 'open'
        AND item_key NOT IN (SELECT item_key FROM store.flag WHERE list_contains($new::VARCHAR[], flag_id))
)
SELECT
    change,
    count(*) AS total,
    count(worst) AS flagged,
    list(
        struct_pack(
            platform := platform, kind := kind, created_at := created_at, flag_id := worst.flag_id, status := worst.status
        )
        ORDER BY list_position(['urgent', 'high', 'normal', 'low'], worst.severity), created_at DESC NULLS LAST, item_id
    ) FILTER (worst IS NOT NULL)[:5] AS examples
FROM changes
JOIN store.item USING (item_key)
LEFT JOIN under_way USING (item_key)
GROUP BY change
ORDER BY list_position(['reopened', 'edited_away', 'hidden', 'access lost', 'deleted', 'back', 'gone', 'edited'], change)
