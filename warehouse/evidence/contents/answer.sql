-- What the Chair found in a version drawn for the audit, named by the version and the moment (microseconds since 1970).
SELECT subject, to_json({clauses: clauses, answered_by: answered_by})::VARCHAR AS content
FROM (SELECT revision_id || '@' || epoch_us(answered_at) AS subject, * FROM store.audit_answered)
WHERE subject IN (SELECT subject FROM subjects WHERE kind = 'answer')
