-- What was decided about a flag, named by the flag and the moment (microseconds since 1970).
SELECT
    subject,
    to_json({
        decision: decision, reason: reason, decided_by: decided_by, expires_at: epoch_us(expires_at)
    })::VARCHAR AS content
FROM (SELECT flag_id || '@' || epoch_us(decided_at) AS subject, * FROM store.decision)
WHERE subject IN (SELECT subject FROM subjects WHERE kind = 'decision')
