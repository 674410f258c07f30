-- Content that a platform's terms no longer let us keep: of items that came through its API, those not read again since
-- `read_before`, and with `remove_gone` those that it says are gone. What comes back is filled in again (refilled.sql).
CREATE OR REPLACE TEMP TABLE expiring AS
WITH
by_api AS (
    SELECT item_key, item_id, first_seen_at, run_id
    FROM store.item
    ANTI JOIN (SELECT run_id FROM store.run_started WHERE kind = 'import') USING (run_id)
    WHERE platform = getvariable('platform')
),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN by_api USING (item_key)
    GROUP BY item_key
),
-- What a night with a wrong clock says to have seen in a time to come must not be kept until then.
seen AS (
    SELECT item_key, max(seen_at) AS seen_at
    FROM store.sighting
    SEMI JOIN by_api USING (item_key)
    WHERE seen_at <= getvariable('now')::TIMESTAMPTZ
    GROUP BY item_key
)
SELECT
    item_key,
    item_id,
    if(state = 'deleted', 'gone', 'not read again') AS rule,
    CASE
        WHEN state = 'deleted' THEN 'It is gone (' || reason || '), and the platform''s terms ask for its content to go too.'
        ELSE 'The platform''s terms ask for content to be removed that was not read again in time.'
    END AS reason
FROM by_api
LEFT JOIN seen USING (item_key)
LEFT JOIN standing USING (item_key)
LEFT JOIN store.overtaken USING (run_id)
WHERE state IS DISTINCT FROM 'expired'
    AND (
        coalesce(seen_at, if(first_seen_at > getvariable('now')::TIMESTAMPTZ, overtaken_at, first_seen_at))
            < getvariable('read_before')::TIMESTAMPTZ
        -- What only the page still sees is not gone.
        OR getvariable('remove_gone') AND state = 'deleted' AND reason <> 'hidden'
    );
