-- The threads of a source: when they began, how the platform counted them when they were last read whole, whether the
-- schedule wants them read now, and whether what began them is still there.
-- Only what began a thread is looked at closely, of the rest no more than its times.
WITH
mine AS NOT MATERIALIZED (
    SELECT item_key, item_id, thread_id, platform, kind, created_at, coalesce(created_at, first_seen_at) AS active_at
    FROM store.item
    WHERE source = getvariable('source')
        OR item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
),
thread AS (
    SELECT
        thread_id AS full_id, any_value(platform) AS platform, min(created_at) AS begun_at, max(active_at) AS active_at
    FROM mine
    GROUP BY thread_id
),
-- A thread begins with the item that it is named after.
opening AS MATERIALIZED (SELECT item_key, item_id AS full_id, kind FROM mine WHERE item_id = thread_id),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN opening USING (item_key)
    GROUP BY item_key
),
begun AS (
    SELECT
        full_id,
        kind,
        coalesce(state, 'present') IN ('present', 'unknown', 'expired')
            OR state = 'deleted' AND reason IN ('hidden', 'access lost', 'account gone') AS stands
    FROM opening LEFT JOIN standing USING (item_key)
),
named AS (
    SELECT
        substr(full_id, length(platform) + 2) AS thread_id, begun_at, active_at, kind,
        coalesce(stands, false) AS stands, NOT coalesce(stands, true) AS is_gone
    FROM thread LEFT JOIN begun USING (full_id)
),
-- Something that the Chair has to decide on, or waits for, or that is held: its content must not run out under the platform's terms.
flagged AS (
    SELECT DISTINCT substr(thread_id, length(platform) + 2) AS thread_id
    FROM mine
    WHERE item_id IN (SELECT item_id FROM flags WHERE status IN ('open', 'removal_asked', 'escalated'))
        OR item_id IN (SELECT item_id FROM store.holds)
),
-- A night whose clock was wrong may have left a moment that is still to come: nothing follows from that, not even that
-- the thread need not be read until then.
read_whole AS (
    SELECT thread_id, arg_max(struct_pack(counted), rowid).counted AS counted, max(recorded_at) AS read_at
    FROM store.thread_read
    WHERE source = getvariable('source') AND recorded_at <= getvariable('now')::TIMESTAMPTZ + INTERVAL 1 HOUR
    GROUP BY thread_id
),
-- In seconds: moments are subtracted by the calendar, which took most of the time.
aged AS (
    SELECT
        *,
        epoch(getvariable('now')::TIMESTAMPTZ) - epoch(active_at) AS quiet_for,
        epoch(getvariable('now')::TIMESTAMPTZ) - epoch(read_at) + getvariable('slack') AS read_for
    FROM named FULL JOIN read_whole USING (thread_id)
)
SELECT
    thread_id,
    begun_at,
    kind,
    read_at IS NOT NULL AS was_read,
    counted,
    -- Each scan for so many days after the last sign of life; then ever more rarely, in proportion to its age.
    -- What is gone may come back: it is looked for as seldom as can be.
    coalesce(NOT is_gone AND quiet_for <= getvariable('daily_for') * 86400, false)
    OR read_at IS NULL
    OR read_for >= least(if(is_gone, NULL, quiet_for / getvariable('daily_for')), getvariable('slowest') * 86400)
    OR (thread_id IN (FROM flagged) AND read_for >= getvariable('refresh')) AS due,
    coalesce(stands, false) AS stands
FROM aged
ORDER BY begun_at DESC NULLS LAST, thread_id;
