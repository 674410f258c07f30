-- What could not be read as an item, as it lies in quarantine.
SELECT
    quarantine_id AS subject,
    to_json({
        source: source, run_id: run_id, seen_at: epoch_us(seen_at), reason: reason, raw: hex(raw)
    })::VARCHAR AS content
FROM store.quarantine
WHERE quarantine_id IN (SELECT subject FROM subjects WHERE kind = 'refused')
