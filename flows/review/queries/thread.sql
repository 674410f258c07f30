-- What the item belongs to: what began the thread, what it answers, itself, and what answers it; at most thirty, in time.
WITH
-- Each by itself: one condition on several columns would have to look at every item.
found AS (
    SELECT item_key, item_id, kind, platform, author_name, author_handle, created_at
    FROM store.item WHERE item_id IN ($item_id, $parent_id, $thread_id)
    UNION
    SELECT item_key, item_id, kind, platform, author_name, author_handle, created_at FROM store.item WHERE parent_id = $item_id
    UNION
    SELECT item_key, item_id, kind, platform, author_name, author_handle, created_at
    FROM store.item WHERE thread_id = $thread_id AND parent_id = $parent_id
),
near AS (
    SELECT *, item_id = $item_id AS is_this, coalesce(item_id = $parent_id, false) AS is_parent,
        coalesce(item_id = $thread_id, false) AS is_start
    FROM found
    ORDER BY (is_this OR is_parent OR is_start) DESC, abs(epoch(created_at) - epoch($created_at::TIMESTAMPTZ)) NULLS LAST, item_id
    LIMIT 30
),
said AS (
    SELECT item_key, arg_max(text, revision) AS text FROM store.revision SEMI JOIN near USING (item_key) GROUP BY item_key
)
SELECT item_id, kind, platform, author_name, author_handle, created_at, is_this, is_parent, is_start, text
FROM near JOIN said USING (item_key)
ORDER BY (is_start AND NOT is_this) DESC, is_parent DESC, created_at NULLS LAST, item_id
