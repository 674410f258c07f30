-- What may be said of the items of a source that no page of the pass has shown, in the table `settled`.
CREATE OR REPLACE TEMP TABLE settled AS
WITH
standing AS (SELECT item_key, arg_max(state, rowid) AS state FROM store.state GROUP BY item_key),
-- A thread begins with the item that it is named after.
opening AS (SELECT thread_id, created_at AS begun_at FROM store.item WHERE item_id = thread_id),
unseen AS (
    SELECT item.item_key, item.item_id, item.kind, item.created_at, item.thread_id, item.item_id = item.thread_id AS opens,
        substr(item.thread_id, length(item.platform) + 2) AS thread, coalesce(standing.state, 'present') AS state
    FROM store.item
    LEFT JOIN standing USING (item_key)
    WHERE (
            source = getvariable('source')
            OR item.item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
        )
        AND coalesce(standing.state, 'present') IN ('present', 'unknown')
        -- Whichever source has shown it, it is there; a file is older than today.
        AND item.item_key NOT IN (
            SELECT item_key FROM store.sighting
            ANTI JOIN (SELECT run_id FROM store.run_started WHERE kind = 'import') USING (run_id)
            WHERE seen_at >= getvariable('pass_started_at')::TIMESTAMPTZ
                -- A night whose clock was wrong has seen nothing in this pass.
                AND seen_at <= getvariable('now')::TIMESTAMPTZ
        )
),
listed AS (
    SELECT unnest(getvariable('listed')::STRUCT(kinds VARCHAR[], since TIMESTAMPTZ, until TIMESTAMPTZ)[], recursive := true)
),
read_whole AS (
    SELECT thread_id FROM store.thread_read
    WHERE source = getvariable('source') AND recorded_at >= getvariable('pass_started_at')::TIMESTAMPTZ
        AND recorded_at <= getvariable('now')::TIMESTAMPTZ
),
not_listed AS (
    SELECT item_key, thread_id FROM unseen
    WHERE opens AND EXISTS (
        FROM listed
        WHERE list_contains(kinds, unseen.kind) AND (since IS NULL OR created_at >= since)
            AND (until IS NULL OR created_at <= until)
    )
),
judged AS (
    SELECT
        unseen.item_key,
        unseen.state AS state_before,
        CASE
            WHEN unseen.item_key IN (SELECT item_key FROM not_listed)
                THEN 'It was not there when the whole list that it belongs to was read.'
            WHEN NOT opens AND thread IN (FROM read_whole) THEN 'It was not there when its whole thread was read.'
            WHEN NOT opens AND thread_id IN (SELECT thread_id FROM not_listed) THEN 'What it answered is gone.'
        END AS why_absent,
        -- Asked for in this pass: what a list should show, and what is in a thread that was due.
        (
            (opens OR getvariable('due') IS NULL)
            AND (getvariable('since') IS NULL OR coalesce(begun_at, created_at) >= getvariable('since')::TIMESTAMPTZ)
            AND (getvariable('until') IS NULL OR coalesce(begun_at, created_at) <= getvariable('until')::TIMESTAMPTZ)
        )
        OR coalesce(list_contains(getvariable('due')::VARCHAR[], thread), false) AS asked_for
    FROM unseen LEFT JOIN opening USING (thread_id)
)
SELECT
    item_key,
    if(why_absent IS NULL, 'unknown', 'absent') AS state,
    coalesce(why_absent, 'The source was read in part only, and it was not in that part.') AS reason
FROM judged
WHERE why_absent IS NOT NULL OR (NOT getvariable('complete') AND asked_for AND state_before = 'present');
