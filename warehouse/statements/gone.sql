-- What the platform, asked for these very ids, says is not there. `gone` holds id and why.
CREATE OR REPLACE TEMP TABLE confirmed AS
WITH
named AS (
    SELECT item_key, gone.why
    FROM store.item
    JOIN (SELECT DISTINCT unnest(getvariable('gone')::STRUCT(id VARCHAR, why VARCHAR)[], recursive := true)) AS gone
        ON item.item_id = item.platform || ':' || gone.id
    WHERE item.source = getvariable('source')
        OR item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN named USING (item_key)
    GROUP BY item_key
)
SELECT item_key, why, coalesce(state, 'present') AS state_before
FROM named LEFT JOIN standing USING (item_key)
WHERE state IS DISTINCT FROM 'expired' AND (state, reason) IS DISTINCT FROM ('deleted', why);

INSERT INTO store.state
SELECT item_key, 'deleted', why, getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ FROM confirmed;
