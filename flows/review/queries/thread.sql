-- What the item belongs to: what began the thread, what it answers, itself, and what answers it; at most thirty, in time.
WITH
looked_at AS MATERIALIZED (
    SELECT item_key, item_id, kind, platform, author_name, author_handle, created_at, parent_id, thread_id
    FROM store.item
    WHERE rowid IN (
        SELECT "row" FROM item_row
        WHERE own IN (hash($item_id), hash($parent_id), hash($thread_id)) OR parent = hash($item_id)
            OR (thread = hash($thread_id) AND parent = hash($parent_id))
    )
),
near AS MATERIALIZED (
    SELECT *, item_id = $item_id AS is_this, coalesce(item_id = $parent_id, false) AS is_parent,
        coalesce(item_id = $thread_id, false) AS is_start
    FROM looked_at
    WHERE item_id IN ($item_id, $parent_id, $thread_id) OR parent_id = $item_id
        OR (thread_id = $thread_id AND parent_id = $parent_id)
    ORDER BY (is_this OR is_parent OR is_start) DESC, abs(epoch(created_at) - epoch($created_at::TIMESTAMPTZ)) NULLS LAST, item_id
    LIMIT 30
),
-- First where they stand, then only those read.
said AS (
    SELECT item_key, arg_max(text, revision) AS text
    FROM store.revision
    WHERE rowid IN (SELECT rowid FROM store.revision WHERE item_key IN (SELECT item_key FROM near))
    GROUP BY item_key
)
SELECT item_id, kind, platform, author_name, author_handle, created_at, is_this, is_parent, is_start, text
FROM near JOIN said USING (item_key)
ORDER BY (is_start AND NOT is_this) DESC, is_parent DESC, created_at NULLS LAST, item_id
