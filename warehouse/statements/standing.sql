-- Flags of the check on versions just judged whose standing has changed: no longer found, or found again.
INSERT INTO store.flag_standing
WITH
standing AS (SELECT flag_id, arg_max(found, rowid) AS found FROM store.flag_standing GROUP BY flag_id),
now_found AS (
    SELECT flag.flag_id, flag.flag_id IN (SELECT flag_id FROM found) AS found
    FROM store.flag
    SEMI JOIN wanted USING (revision_id)
    WHERE flag.check_id = getvariable('check_id')
)
SELECT now_found.flag_id, now_found.found, getvariable('version'), getvariable('run_id'), getvariable('judged_at')::TIMESTAMPTZ
FROM now_found
LEFT JOIN standing USING (flag_id)
WHERE now_found.found <> coalesce(standing.found, true);
