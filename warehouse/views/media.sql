-- Pictures, videos and files of each version of an item.
CREATE OR REPLACE VIEW media AS
SELECT item.item_id, media.revision, media.position, media.type, media.url, media.text, media.found
FROM store.media JOIN store.item USING (item_key);
