-- A file may be older than what has been read since: a version that it shares with the history is no new one.
UPDATE staged SET is_old = true
FROM held
WHERE held.item_key = staged.item_key
    AND held.revision > 1
    AND (staged.item_key, staged.content_hash) IN (
        SELECT (item_key, content_hash) FROM store.revision SEMI JOIN staged USING (item_key)
    );
