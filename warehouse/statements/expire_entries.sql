-- What could not be read as an item is content all the same; that there was something, and why, stays.
UPDATE store.quarantine SET raw = ''::BLOB WHERE quarantine_id IN (SELECT quarantine_id FROM entries);
INSERT INTO store.removed
SELECT 'entry', NULL, getvariable('rule'), getvariable('run_id'), getvariable('now')::TIMESTAMPTZ FROM entries;
