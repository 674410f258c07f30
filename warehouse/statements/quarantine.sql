-- What could not be read, once for the same source and bytes.
INSERT INTO store.quarantine
SELECT quarantine_id, getvariable('source'), getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ, reason, raw
FROM (
    SELECT
        left(md5(getvariable('source') || chr(31) || raw), 16) AS quarantine_id,
        any_value(reason) AS reason,
        any_value(from_base64(raw)) AS raw
    FROM read_json(
        getvariable('rejected_path'),
        format = 'newline_delimited',
        maximum_object_size = 67108864,
        columns = {reason: 'VARCHAR', raw: 'VARCHAR'}
    )
    GROUP BY quarantine_id
)
ANTI JOIN (SELECT quarantine_id FROM store.quarantine) USING (quarantine_id);
