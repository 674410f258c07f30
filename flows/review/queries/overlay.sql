-- The history as the Chair knows it: what was decided and written a moment ago stands in it, though it is not stored yet.
CREATE OR REPLACE TEMP VIEW decision_now AS
SELECT flag_id, decision, reason, decided_by, decided_at, expires_at, rowid AS place, false AS waits FROM store.decision
UNION ALL
SELECT flag_id, decision, text, said_by, said_at, expires_at, 1_000_000_000_000 + row_number() OVER (ORDER BY id), true
FROM entry WHERE kind = 'decision';

CREATE OR REPLACE TEMP VIEW note_now AS
SELECT flag_id, text, written_by, written_at, false AS waits FROM store.note
UNION ALL
SELECT flag_id, text, said_by, said_at, true FROM entry WHERE kind = 'note';

-- The status is that of the view flags, with the decision that was made last.
CREATE OR REPLACE TEMP TABLE flag_now AS
WITH
newest AS (
    SELECT flag_id, arg_max(decision, id) AS decision, arg_max(struct_pack(expires_at), id).expires_at AS expires_at
    FROM entry WHERE kind = 'decision'
    GROUP BY flag_id
),
said AS (
    SELECT
        flag_then.* REPLACE (
            coalesce(newest.decision, flag_then.decision) AS decision,
            if(newest.decision IS NULL, flag_then.expires_at, newest.expires_at) AS expires_at
        ),
        newest.decision IS NOT NULL AS waits
    FROM flag_then LEFT JOIN newest USING (flag_id)
)
SELECT
    * EXCLUDE (decision, expires_at, found),
    CASE
        WHEN decision NOT IN ('undone', 'reopened') AND (expires_at IS NULL OR expires_at > now()) THEN decision
        WHEN NOT found THEN 'expired'
        ELSE 'open'
    END AS status
FROM said;

CREATE OR REPLACE TEMP TABLE audit_now AS
SELECT
    audit_then.* REPLACE (
        coalesce(newest.clauses, audit_then.missed) AS missed, coalesce(newest.said_at, audit_then.answered_at) AS answered_at,
        audit_then.waits AND newest.item_id IS NULL AS waits
    )
FROM audit_then
LEFT JOIN (
    SELECT item_id, revision, arg_max(clauses, id) AS clauses, max(said_at) AS said_at
    FROM entry WHERE kind = 'audit'
    GROUP BY item_id, revision
) AS newest USING (item_id, revision);
