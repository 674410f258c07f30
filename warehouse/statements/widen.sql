-- All versions of all items on the same slices (threads, authors, or everything) as those in `wanted`.
INSERT INTO wanted
SELECT revision_id
FROM store.revision
JOIN store.item USING (item_key)
WHERE CASE getvariable('scope')
        WHEN 'global' THEN true
        WHEN 'thread' THEN
            thread_id IN (
                SELECT thread_id FROM store.item JOIN store.revision USING (item_key) SEMI JOIN wanted USING (revision_id)
            )
        WHEN 'author' THEN
            platform || chr(31) || author_id IN (
                SELECT platform || chr(31) || author_id
                FROM store.item JOIN store.revision USING (item_key) SEMI JOIN wanted USING (revision_id)
            )
        ELSE false
    END
    AND text <> ''
    AND revision_id NOT IN (SELECT revision_id FROM wanted)
