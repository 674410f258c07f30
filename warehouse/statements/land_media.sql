-- The media of the new versions of a page.
INSERT INTO store.media
SELECT item_key, revision, position, part.type, part.url, part.text, NULL
FROM (
    SELECT item_key, revision, unnest(media) AS part, generate_subscripts(media, 1) AS position
    FROM versions
    WHERE len(media) > 0
);
