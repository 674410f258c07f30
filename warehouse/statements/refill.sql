-- Fills in what `refilled` names.
UPDATE store.item
SET author_id = refilled.author_id, author_name = refilled.author_name, author_handle = refilled.author_handle,
    parent_text = refilled.parent_text, url = refilled.url
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
