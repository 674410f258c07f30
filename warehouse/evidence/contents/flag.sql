-- What a check found.
SELECT
    flag_id AS subject,
    to_json({
        item_key: item_key, revision_id: revision_id, revision: revision, check_id: check_id, check_version: check_version,
        clause: clause, severity: severity, score: score, evidence: evidence, start_char: start_char, end_char: end_char,
        reason: reason, run_id: run_id, flagged_at: epoch_us(flagged_at)
    })::VARCHAR AS content
FROM store.flag
WHERE flag_id IN (SELECT subject FROM subjects WHERE kind = 'flag')
