-- The history as the Chair knows it: what was decided and written a moment ago stands in it, though it is not stored yet.
CREATE TEMP VIEW decision_now AS
SELECT flag_id, decision, reason, decided_by, decided_at, expires_at, rowid AS place, false AS waits FROM store.decision
UNION ALL
SELECT flag_id, decision, text, said_by, said_at, expires_at, 1_000_000_000_000 + row_number() OVER (ORDER BY id), true
FROM entry WHERE kind = 'decision';

CREATE TEMP VIEW note_now AS
SELECT flag_id, text, written_by, written_at, false AS waits FROM store.note
UNION ALL
SELECT flag_id, text, said_by, said_at, true FROM entry WHERE kind = 'note';

CREATE TEMP TABLE flag_now AS
WITH
newest AS (
    SELECT flag_id, arg_max(decision, id) AS decision, arg_max(struct_pack(expires_at), id).expires_at AS expires_at
    FROM entry WHERE kind = 'decision'
    GROUP BY flag_id
),
standing AS (SELECT flag_id, arg_max(found, rowid) AS found FROM store.flag_standing GROUP BY flag_id)
SELECT
    flag.revision_id, item.item_key, item.source, item.platform, item.kind, item.author_name, item.author_handle, item.created_at,
    flags.* REPLACE (
        CASE
            WHEN newest.decision IS NULL THEN flags.status
            WHEN newest.decision <> 'undone' AND (newest.expires_at IS NULL OR newest.expires_at > now()) THEN newest.decision
            WHEN NOT standing.found THEN 'expired'
            ELSE 'open'
        END AS status
    ),
    newest.decision IS NOT NULL AS waits
FROM flags
JOIN store.flag USING (flag_id)
JOIN store.item ON item.item_key = flag.item_key
LEFT JOIN newest USING (flag_id)
LEFT JOIN standing USING (flag_id);

CREATE TEMP TABLE audit_now AS
SELECT
    audit.* REPLACE (coalesce(newest.clauses, audit.missed) AS missed, coalesce(newest.said_at, audit.answered_at) AS answered_at)
FROM store.audit
LEFT JOIN (
    SELECT item_id, arg_max(clauses, id) AS clauses, max(said_at) AS said_at FROM entry WHERE kind = 'audit' GROUP BY item_id
) AS newest USING (item_id);

-- What each check calls itself now.
CREATE TEMP TABLE named AS
SELECT check_id, arg_max(title, rowid) AS title FROM store.check_version GROUP BY check_id;

-- The items that are flagged, as they are now.
CREATE TEMP TABLE flagged AS
SELECT items.*, kept.parent_text
FROM items
JOIN store.item AS kept USING (item_id)
WHERE item_id IN (SELECT item_id FROM flag_now);
