-- Seen again after it was missed, or after retention had emptied it. A file shows what was, not what is.
INSERT INTO store.state
SELECT
    item_key, 'present', if(state IN ('unknown', 'expired'), 'It has been read again.', 'It is there again.'),
    getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM (
    SELECT item_key, arg_max(state, rowid) AS state
    FROM store.state
    SEMI JOIN (FROM staged WHERE NOT hidden) AS shown USING (item_key)
    GROUP BY item_key
)
WHERE CASE state
    WHEN 'present' THEN false
    WHEN 'expired' THEN item_key IN (SELECT item_key FROM refilled)
    ELSE NOT getvariable('imported')
END;
