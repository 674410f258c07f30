-- What the checks found, and what has become of it.
CREATE OR REPLACE VIEW flags AS
WITH
decided AS (
    SELECT flag_id, arg_max(decision, rowid) AS decision, arg_max(decided_at, rowid) AS decided_at,
        arg_max(struct_pack(expires_at), rowid).expires_at AS expires_at
    FROM store.decision
    GROUP BY flag_id
),
standing AS (SELECT flag_id, arg_max(found, rowid) AS found FROM store.flag_standing GROUP BY flag_id)
SELECT
    flag.flag_id,
    item.item_id,
    flag.revision,
    flag.check_id,
    flag.check_version,
    flag.clause,
    flag.severity,
    flag.score,
    flag.evidence,
    flag.start_char,
    flag.end_char,
    flag.reason,
    flag.run_id,
    flag.flagged_at,
    CASE
        WHEN decided.decision NOT IN ('undone', 'reopened') AND (decided.expires_at IS NULL OR decided.expires_at > now())
            THEN decided.decision
        -- A newer version of the check no longer finds it, and no decision stands.
        WHEN NOT standing.found THEN 'expired'
        ELSE 'open'
    END AS status,
    if(decided.decision <> 'undone', decided.decided_at, NULL) AS decided_at
FROM store.flag
JOIN store.item USING (item_key)
LEFT JOIN decided USING (flag_id)
LEFT JOIN standing USING (flag_id);
