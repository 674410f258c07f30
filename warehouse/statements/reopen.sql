-- Dismissals whose time is over: that the flag is open again stands in the log of decisions, once.
INSERT INTO store.decision
SELECT flag_id, 'reopened', 'The time for which it was dismissed is over.', 'ACTO monitor', getvariable('now')::TIMESTAMPTZ, NULL
FROM (
    SELECT flag_id, arg_max(decision, rowid) AS decision, arg_max(struct_pack(expires_at), rowid).expires_at AS expires_at
    FROM store.decision
    GROUP BY flag_id
)
WHERE decision = 'dismissed' AND expires_at <= getvariable('now')::TIMESTAMPTZ;
