-- What could not be read as an item, with its raw bytes.
CREATE OR REPLACE VIEW quarantine AS
SELECT quarantine_id, source, run_id, seen_at, reason, raw FROM store.quarantine;
