-- The entries of the quarantine that hold what is to be erased: the ids, names and texts in `words`.
CREATE OR REPLACE TEMP TABLE word AS SELECT DISTINCT unnest(getvariable('words')::VARCHAR[]) AS word;

CREATE OR REPLACE TEMP TABLE doomed_entries AS
SELECT quarantine_id FROM store.quarantine
WHERE EXISTS (FROM word WHERE contains(raw::VARCHAR, encode(word)::VARCHAR) OR contains(reason, word));
