-- The threads of a source: when they began, how the platform counted them when they were last read whole, whether the
-- schedule wants them read now, and whether what began them is still there.
WITH
standing AS (
    SELECT item_key, arg_max(state, recorded_at) AS state, arg_max(reason, recorded_at) AS reason
    FROM store.state
    GROUP BY item_key
),
thread AS (
    SELECT
        platform,
        thread_id AS full_id,
        min(created_at) AS begun_at,
        max(coalesce(created_at, first_seen_at)) AS active_at,
        any_value(kind) FILTER (item_id = thread_id) AS kind,
        coalesce(bool_or(
            item_id = thread_id
            AND (
                coalesce(state, 'present') IN ('present', 'unknown', 'expired')
                OR state = 'deleted' AND reason IN ('hidden', 'access lost', 'account gone')
            )
        ), false) AS stands,
        coalesce(bool_or(item_id = thread_id), false) AND NOT stands AS is_gone
    FROM store.item
    LEFT JOIN standing USING (item_key)
    WHERE source = getvariable('source')
        OR item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
    GROUP BY ALL
),
named AS (SELECT *, substr(full_id, length(platform) + 2) AS thread_id FROM thread),
-- Something for the Chair to decide on: its content must not run out under the platform's terms.
flagged AS (
    SELECT DISTINCT substr(item.thread_id, length(item.platform) + 2) AS thread_id
    FROM flags JOIN store.item USING (item_id)
    WHERE flags.status = 'open'
),
read_whole AS (
    SELECT thread_id, arg_max(struct_pack(counted), recorded_at).counted AS counted, max(recorded_at) AS read_at
    FROM store.thread_read
    WHERE source = getvariable('source')
    GROUP BY thread_id
)
SELECT
    thread_id,
    begun_at,
    kind,
    read_at IS NOT NULL AS was_read,
    counted,
    -- Each scan for so many days after the last sign of life; then ever more rarely, in proportion to its age.
    -- What is gone may come back: it is looked for as seldom as can be.
    coalesce(
        NOT is_gone AND active_at >= getvariable('now')::TIMESTAMPTZ - to_days(getvariable('daily_for')::INTEGER), false
    )
    OR read_at IS NULL
    OR epoch(getvariable('now')::TIMESTAMPTZ - read_at) + getvariable('slack') >= least(
        if(is_gone, NULL, epoch(getvariable('now')::TIMESTAMPTZ - active_at) / getvariable('daily_for')),
        getvariable('slowest') * 86400
    )
    OR (
        thread_id IN (FROM flagged)
        AND epoch(getvariable('now')::TIMESTAMPTZ - read_at) + getvariable('slack') >= getvariable('refresh')
    ) AS due,
    coalesce(stands, false) AS stands
FROM named FULL JOIN read_whole USING (thread_id)
ORDER BY begun_at DESC NULLS LAST, thread_id;
