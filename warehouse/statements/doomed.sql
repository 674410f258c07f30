-- What is to be erased: the items named in `item_ids`, and their words.
CREATE OR REPLACE TEMP TABLE doomed AS
SELECT item_key, item_id, platform, substr(item_id, length(platform) + 2) AS id, author_id, author_handle, author_name
FROM store.item
WHERE item_id IN (SELECT unnest(getvariable('item_ids')::VARCHAR[]));

CREATE OR REPLACE TEMP TABLE doomed_words AS
SELECT DISTINCT text
FROM (
    SELECT text FROM store.revision SEMI JOIN doomed USING (item_key)
    UNION ALL SELECT text FROM store.media SEMI JOIN doomed USING (item_key)
    UNION ALL SELECT url FROM store.media SEMI JOIN doomed USING (item_key)
    UNION ALL SELECT parent_text FROM store.item SEMI JOIN doomed USING (item_key)
    UNION ALL SELECT evidence FROM store.flag SEMI JOIN doomed USING (item_key)
)
WHERE text <> '';
