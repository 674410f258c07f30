-- The items of a thread that were there when they were last looked for, or that the platform had only withdrawn.
WITH
mine AS (
    SELECT item_key, substr(item_id, length(platform) + 2) AS id
    FROM store.item
    WHERE thread_id = platform || ':' || getvariable('thread_id')
        AND (
            source = getvariable('source')
            OR item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
        )
),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN mine USING (item_key)
    GROUP BY item_key
)
SELECT id
FROM mine LEFT JOIN standing USING (item_key)
WHERE coalesce(state, 'present') IN ('present', 'unknown', 'expired')
    OR state = 'deleted' AND reason IN ('hidden', 'access lost', 'account gone');
