-- The entries of the quarantine whose bytes are to go (`entries`): those of `sources` (NULL: of all) from before `read_before`.
CREATE OR REPLACE TEMP TABLE entries AS
SELECT quarantine_id
FROM store.quarantine
WHERE (getvariable('sources') IS NULL OR list_contains(getvariable('sources')::VARCHAR[], source))
    AND (
        seen_at < getvariable('read_before')::TIMESTAMPTZ
        OR seen_at > getvariable('now')::TIMESTAMPTZ
        AND run_id IN (SELECT run_id FROM store.overtaken WHERE overtaken_at < getvariable('read_before')::TIMESTAMPTZ)
    )
    AND raw <> ''::BLOB;
