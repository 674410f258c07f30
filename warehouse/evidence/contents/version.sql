-- A version of an item: its words, its media and, of the first one, the item itself.
WITH
asked AS (SELECT try_cast(subject AS BIGINT) AS revision_id FROM subjects WHERE kind = 'version'),
version AS (SELECT revision.* FROM store.revision SEMI JOIN asked USING (revision_id)),
-- An item is as old as its first version: by that its few rows are found without reading all that came before.
first AS (SELECT item_key, seen_at AS first_seen_at FROM version WHERE revision = 1),
opening AS (SELECT item.*, 1 AS revision FROM store.item SEMI JOIN first USING (item_key, first_seen_at)),
shown AS (
    SELECT
        item_key, revision,
        list({position: position, type: type, url: url, text: text, found: found::VARCHAR} ORDER BY position, url) AS media
    FROM store.media SEMI JOIN version USING (item_key, revision)
    WHERE getvariable('with_media')
    GROUP BY item_key, revision
)
SELECT
    version.revision_id::VARCHAR AS subject,
    to_json({
        item_key: version.item_key, revision: version.revision, text: version.text, rating: version.rating,
        edited_at: epoch_us(version.edited_at), content_hash: version.content_hash, seen_at: epoch_us(version.seen_at),
        run_id: version.run_id, page: version.page, media: shown.media,
        item_id: opening.item_id, source: opening.source, platform: opening.platform, kind: opening.kind,
        parent_id: opening.parent_id, thread_id: opening.thread_id, author_id: opening.author_id,
        author_name: opening.author_name, author_handle: opening.author_handle, url: opening.url,
        created_at: epoch_us(opening.created_at), parent_text: opening.parent_text,
        first_seen_at: epoch_us(opening.first_seen_at), first_run_id: opening.run_id
    })::VARCHAR AS content
FROM version
LEFT JOIN opening USING (item_key, revision)
LEFT JOIN shown USING (item_key, revision)
