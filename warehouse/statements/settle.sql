-- Items of the source whose thread was begun inside the pass's window and that no page of the pass has shown.
-- A complete pass makes them absent; a partial one makes those that were present unknown.
CREATE OR REPLACE TEMP TABLE settled AS
WITH
thread AS (SELECT item_id AS thread_id, created_at AS begun_at FROM store.item),
shown AS (
    SELECT item_key FROM store.item WHERE source = getvariable('source')
    UNION
    SELECT item_key FROM store.also_in WHERE source = getvariable('source')
),
missed AS (
    SELECT item.item_key
    FROM store.item
    LEFT JOIN thread USING (thread_id)
    WHERE item.item_key IN (FROM shown)
        -- A thread whose beginning is not known can only be missed by a pass over everything.
        AND (getvariable('since') IS NULL OR begun_at >= getvariable('since')::TIMESTAMPTZ)
        AND (getvariable('until') IS NULL OR begun_at <= getvariable('until')::TIMESTAMPTZ)
        AND item.item_key NOT IN (
            SELECT item_key FROM store.sighting
            WHERE source = getvariable('source') AND seen_at >= getvariable('pass_started_at')::TIMESTAMPTZ
        )
),
standing AS (
    SELECT item_key, arg_max(state, recorded_at) AS state FROM store.state SEMI JOIN missed USING (item_key) GROUP BY ALL
)
SELECT
    missed.item_key,
    if(getvariable('complete'), 'absent', 'unknown') AS state,
    if(
        getvariable('complete'),
        'It was not there when the whole of its part of the source was read.',
        'The source was read in part only, and it was not in that part.'
    ) AS reason
FROM missed LEFT JOIN standing USING (item_key)
WHERE coalesce(standing.state, 'present') IN ('present', 'unknown')
    AND coalesce(standing.state, 'present') <> if(getvariable('complete'), 'absent', 'unknown');

INSERT INTO store.state
SELECT item_key, state, reason, getvariable('run_id'), getvariable('settled_at')::TIMESTAMPTZ FROM settled;
