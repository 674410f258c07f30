-- New flags from `found`; those that stand already are not written again.
INSERT INTO store.flag
SELECT
    flag_id, revision.item_key, found.revision_id, found.revision, check_id, check_version, clause, severity, score, evidence, start_char,
    end_char, reason, getvariable('run_id'), getvariable('judged_at')::TIMESTAMPTZ
FROM found
JOIN store.revision USING (revision_id)
ANTI JOIN (SELECT flag_id FROM store.flag) USING (flag_id)
ORDER BY found.revision_id, check_id;
