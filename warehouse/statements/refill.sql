-- What retention has emptied and a page shows again: who wrote it comes back, and the words of the version that it shows,
-- to its flags too. Runs before land.sql, which makes the items present.
CREATE OR REPLACE TEMP TABLE refilled AS
SELECT DISTINCT ON (item_key) staged.*, held.revision, staged.content_hash = held.content_hash AS unchanged
FROM staged JOIN held USING (item_key)
WHERE item_key IN (
    SELECT item_key FROM store.state SEMI JOIN held USING (item_key) GROUP BY item_key
    HAVING arg_max(state, rowid) = 'expired'
);

UPDATE store.item
SET author_name = refilled.author_name, author_handle = refilled.author_handle, parent_text = refilled.parent_text
FROM refilled WHERE item.item_key = refilled.item_key;

UPDATE store.revision SET text = refilled.text
FROM refilled
WHERE revision.item_key = refilled.item_key AND revision.revision = refilled.revision AND unchanged;

UPDATE store.flag SET evidence = substr(refilled.text, start_char + 1, end_char - start_char)
FROM refilled
WHERE flag.item_key = refilled.item_key AND flag.revision = refilled.revision AND unchanged;

INSERT INTO store.media
SELECT item_key, revision, position, part.type, part.url, part.text, NULL
FROM (
    SELECT item_key, revision, unnest(media) AS part, generate_subscripts(media, 1) AS position
    FROM refilled
    WHERE unchanged AND len(media) > 0
);
