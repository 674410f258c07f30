-- The words of what is in `doomed` that nobody else has written, nor answers, too: the others' stay, and tell of nobody.
SELECT text FROM doomed_words
WHERE NOT EXISTS (
        SELECT 1 FROM store.revision ANTI JOIN doomed USING (item_key) WHERE contains(revision.text, doomed_words.text)
    )
    AND (
        text IN (SELECT text FROM store.revision SEMI JOIN doomed USING (item_key))
        OR text NOT IN (SELECT parent_text FROM store.item ANTI JOIN doomed USING (item_key) WHERE parent_text <> '')
    )
