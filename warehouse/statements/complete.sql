-- Fills in what `completed` names.
UPDATE store.item
SET parent_id = completed.parent_id, thread_id = completed.thread_id, author_id = completed.author_id,
    author_name = completed.author_name, author_handle = completed.author_handle, url = completed.url,
    created_at = completed.created_at
FROM completed WHERE item.item_key = completed.item_key;
