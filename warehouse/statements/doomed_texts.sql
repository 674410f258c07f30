-- The words of what is in `doomed` that nobody else has written, shows or answers, too: the others' stay, and tell of nobody.
-- A page to which many link stands beside each link, with its address and its title.
CREATE OR REPLACE TEMP TABLE doomed_texts AS
WITH
others AS (
    SELECT text FROM store.revision ANTI JOIN doomed USING (item_key)
    UNION SELECT unnest([text, url]) FROM store.media ANTI JOIN doomed USING (item_key)
    UNION SELECT url FROM store.item ANTI JOIN doomed USING (item_key)
)
SELECT text FROM doomed_words
WHERE NOT EXISTS (SELECT 1 FROM others WHERE contains(others.text, doomed_words.text))
    AND (
        text IN (SELECT text FROM store.revision SEMI JOIN doomed USING (item_key))
        OR text NOT IN (SELECT parent_text FROM store.item ANTI JOIN doomed USING (item_key) WHERE parent_text <> '')
    )
