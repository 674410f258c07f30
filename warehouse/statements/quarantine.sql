-- What could not be read, once for the same source and bytes.
CREATE OR REPLACE TEMP TABLE refused AS
SELECT reason, raw, id
FROM read_json(
    getvariable('rejected_path'),
    format = 'newline_delimited',
    maximum_object_size = 67108864,
    columns = {reason: 'VARCHAR', raw: 'VARCHAR', id: 'VARCHAR'}
);

INSERT INTO store.quarantine
SELECT quarantine_id, getvariable('source'), getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ, reason, raw
FROM (
    SELECT
        left(md5(getvariable('source') || chr(31) || raw), 16) AS quarantine_id,
        any_value(reason) AS reason,
        any_value(from_base64(raw)) AS raw
    FROM refused
    GROUP BY quarantine_id
)
ANTI JOIN (SELECT quarantine_id FROM store.quarantine) USING (quarantine_id);

-- A known item that cannot be read today is there all the same.
INSERT INTO store.sighting
SELECT item_key, getvariable('source'), getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM store.item
WHERE (
        source = getvariable('source')
        OR item_key IN (SELECT item_key FROM store.also_in WHERE source = getvariable('source'))
    )
    AND item_id IN (SELECT platform || ':' || id FROM refused WHERE id IS NOT NULL);
