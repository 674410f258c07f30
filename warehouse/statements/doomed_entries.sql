-- The entries of the quarantine that tell of what is to be erased, as was found: `refused`.
CREATE OR REPLACE TEMP TABLE doomed_entries AS
SELECT quarantine_id FROM store.quarantine WHERE list_contains(getvariable('refused')::VARCHAR[], quarantine_id);
