-- Items on the page that are shown to us alone, told once.
INSERT INTO store.state
WITH standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN staged USING (item_key)
    GROUP BY item_key
)
SELECT DISTINCT item_key, 'deleted', 'hidden', getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM staged LEFT JOIN standing USING (item_key)
WHERE hidden
    AND (state, reason) IS DISTINCT FROM ('deleted', 'hidden')
    AND item_key NOT IN (SELECT item_key FROM emptied);
