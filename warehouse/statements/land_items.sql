-- The items that are new on a page.
INSERT INTO store.item
SELECT
    item_key, platform || ':' || id, getvariable('source'), platform, kind,
    platform || ':' || parent_id, platform || ':' || thread_id,
    author_id, author_name, author_handle, url, created_at, parent_text,
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM versions
WHERE revision = 1;
