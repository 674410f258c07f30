-- What is to be erased where no item_key says so: by what was found to tell of it.
DELETE FROM store.quarantine WHERE quarantine_id IN (SELECT quarantine_id FROM doomed_entries);
-- Where a pass stood; without it the next one reads from the beginning.
DELETE FROM store.source_position WHERE list_contains(getvariable('kept')::VARCHAR[], kept);
-- A thread in which others have written is still read by its name, or what they wrote would seem to be gone.
DELETE FROM store.thread_read
WHERE thread_id IN (
    SELECT id FROM doomed
    WHERE item_id NOT IN (SELECT thread_id FROM store.item ANTI JOIN doomed USING (item_key) WHERE thread_id IS NOT NULL)
);
DELETE FROM store.handle
WHERE platform IN (SELECT platform FROM doomed)
    AND list_contains(getvariable('known_to_roster')::VARCHAR[], lower(ltrim(handle, '@')));
UPDATE store.coverage SET reason = 'Erased.' WHERE list_contains(getvariable('reasons')::VARCHAR[], reason);
UPDATE store.run_ended SET note = 'Erased.' WHERE list_contains(getvariable('notes')::VARCHAR[], note);

-- What answers it stays, and no longer says what it answers.
UPDATE store.item SET parent_text = NULL WHERE item_key IN (SELECT item_key FROM doomed_answers);
UPDATE store.item SET parent_id = NULL WHERE parent_id IN (SELECT item_id FROM doomed);
