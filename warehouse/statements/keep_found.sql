-- New flags from `found`; those that stand already are not written again.
INSERT INTO store.flag
SELECT
    flag_id, revision.item_key, found.revision_id, found.revision, check_id, check_version, clause, severity, score, evidence, start_char,
    end_char, reason, getvariable('run_id'), getvariable('judged_at')::TIMESTAMPTZ
FROM found
JOIN store.revision USING (revision_id)
ANTI JOIN (SELECT flag_id FROM store.flag) USING (flag_id)
ORDER BY found.revision_id, check_id;

-- A dismissal holds for a content and a check: where the item is again what it was when a flag of the same check was
-- dismissed, the new flag is dismissed with it, and that stands in the log.
INSERT INTO store.decision
WITH
decided AS (
    SELECT flag_id, arg_max(decision, rowid) AS decision, arg_max(struct_pack(expires_at), rowid).expires_at AS expires_at
    FROM store.decision
    GROUP BY flag_id
),
fresh AS (
    SELECT flag.* FROM store.flag
    SEMI JOIN found USING (flag_id)
    ANTI JOIN decided USING (flag_id)
),
pairs AS (
    SELECT fresh.flag_id, fresh.revision_id, earlier.revision_id AS earlier_id, expires_at
    FROM fresh
    JOIN store.flag AS earlier
        ON earlier.item_key = fresh.item_key AND earlier.check_id = fresh.check_id AND earlier.revision < fresh.revision
    JOIN decided ON decided.flag_id = earlier.flag_id
    WHERE decided.decision = 'dismissed'
        AND (expires_at IS NULL OR expires_at > getvariable('judged_at')::TIMESTAMPTZ)
)
SELECT
    flag_id, 'dismissed', 'The text is again what it was when this was dismissed.', 'ACTO monitor',
    getvariable('judged_at')::TIMESTAMPTZ, max(expires_at)
FROM pairs
JOIN store.revision AS this ON this.revision_id = pairs.revision_id
JOIN store.revision AS earlier ON earlier.revision_id = pairs.earlier_id AND earlier.content_hash = this.content_hash
GROUP BY flag_id;
