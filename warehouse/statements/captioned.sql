-- Captions that were fetched after the version that they belong to.
CREATE OR REPLACE TEMP TABLE captioned AS
SELECT item_key, revision, 1000 + position AS position, part.type, part.url, part.text
FROM (
    SELECT item_key, held.revision, unnest(media) AS part, generate_subscripts(media, 1) AS position
    FROM staged JOIN held USING (item_key)
    WHERE len(media) > 0 AND line NOT IN (SELECT line FROM versions)
)
WHERE part.type = 'caption'
    AND item_key NOT IN (SELECT item_key FROM store.media WHERE type = 'caption')
    AND item_key NOT IN (SELECT item_key FROM emptied);
