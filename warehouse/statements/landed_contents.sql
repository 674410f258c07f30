-- The contents of the new versions of a page, out of what it brought: the same words as evidence/contents/version.sql reads in
-- the tables.
SELECT
    revision_id::VARCHAR AS subject,
    to_json({
        item_key: item_key, revision: revision, text: text, rating: rating,
        edited_at: epoch_us(edited_at), content_hash: content_hash, seen_at: epoch_us(getvariable('seen_at')::TIMESTAMPTZ),
        run_id: getvariable('run_id'), page: getvariable('page'),
        media: if(len(media) > 0, list_transform(
            media, lambda one, place: {'position': place, 'type': one.type, 'url': one.url, 'text': one.text, 'found': NULL}
        ), NULL),
        item_id: if(revision = 1, platform || ':' || id, NULL), source: if(revision = 1, getvariable('source'), NULL),
        platform: if(revision = 1, platform, NULL), kind: if(revision = 1, kind, NULL),
        parent_id: if(revision = 1, platform || ':' || parent_id, NULL),
        thread_id: if(revision = 1, platform || ':' || thread_id, NULL),
        author_id: if(revision = 1, author_id, NULL), author_name: if(revision = 1, author_name, NULL),
        author_handle: if(revision = 1, author_handle, NULL), url: if(revision = 1, url, NULL),
        created_at: if(revision = 1, epoch_us(created_at), NULL), parent_text: if(revision = 1, parent_text, NULL),
        first_seen_at: if(revision = 1, epoch_us(getvariable('seen_at')::TIMESTAMPTZ), NULL),
        first_run_id: if(revision = 1, getvariable('run_id'), NULL)
    })::VARCHAR AS content
FROM versions
