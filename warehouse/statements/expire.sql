-- Removes the content of the items in `expiring`: words, pictures, names. The versions with their hashes, the flags, the
-- decisions and the counters stay.
UPDATE store.revision SET text = '' WHERE item_key IN (SELECT item_key FROM expiring);
DELETE FROM store.media WHERE item_key IN (SELECT item_key FROM expiring);
DELETE FROM store.near_miss
WHERE revision_id IN (SELECT revision_id FROM store.revision WHERE item_key IN (SELECT item_key FROM expiring));
UPDATE store.item SET parent_text = NULL WHERE item_key IN (SELECT item_key FROM expiring);
-- What ACTO itself wrote is still known as such: answers to it are judged by that.
UPDATE store.item SET author_name = NULL, author_handle = NULL
WHERE item_key IN (SELECT item_key FROM expiring)
    AND coalesce(lower(ltrim(coalesce(author_handle, author_name), '@')), '') NOT IN (
        SELECT lower(ltrim(handle, '@')) FROM store.handle
        WHERE role = 'official' AND handle.platform = item.platform
    );
-- Where the terms ask for it, a flag may be open still: then the link stays until its time is over,
-- to look at the post itself.
UPDATE store.item SET author_id = NULL, url = NULL
WHERE item_key IN (SELECT item_key FROM expiring WHERE rule IN ('not flagged', 'closed', 'dismissed'));
UPDATE store.flag SET evidence = '' WHERE item_key IN (SELECT item_key FROM expiring);

INSERT INTO store.state
SELECT item_key, 'expired', reason, getvariable('run_id'), getvariable('now')::TIMESTAMPTZ FROM expiring
-- What the terms have emptied before stands as it is.
WHERE item_key NOT IN (
    SELECT item_key FROM store.state SEMI JOIN expiring USING (item_key) GROUP BY item_key
    HAVING arg_max(state, rowid) = 'expired'
);
INSERT INTO store.removed
SELECT 'item', item_key, rule, getvariable('run_id'), getvariable('now')::TIMESTAMPTZ FROM expiring;
