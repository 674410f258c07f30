-- Content that a platform's terms no longer let us keep: of items that came through its API, those not read again since
-- `read_before`, and with `remove_gone` those that it says are gone. `expiring` holds them; the versions, with their
-- hashes, and the flags stay, without their words and names. What comes back is filled in again (refill.sql).
CREATE OR REPLACE TEMP TABLE expiring AS
WITH
by_api AS (
    SELECT item_key, substr(item_id, length(platform) + 2) AS id, first_seen_at
    FROM store.item
    ANTI JOIN (SELECT run_id FROM store.run_started WHERE kind = 'import') USING (run_id)
    WHERE platform = getvariable('platform')
),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS reason
    FROM store.state
    SEMI JOIN by_api USING (item_key)
    GROUP BY item_key
),
-- What a night with a wrong clock says to have seen in a time to come must not be kept until then.
seen AS (
    SELECT item_key, max(seen_at) AS seen_at
    FROM store.sighting
    SEMI JOIN by_api USING (item_key)
    WHERE seen_at <= getvariable('now')::TIMESTAMPTZ
    GROUP BY item_key
)
SELECT
    item_key,
    id,
    CASE
        WHEN state = 'deleted' THEN 'It is gone (' || reason || '), and the platform''s terms ask for its content to go too.'
        ELSE 'The platform''s terms ask for content to be removed that was not read again in time.'
    END AS reason
FROM by_api
LEFT JOIN seen USING (item_key)
LEFT JOIN standing USING (item_key)
WHERE state IS DISTINCT FROM 'expired'
    AND (
        coalesce(seen_at, first_seen_at) < getvariable('read_before')::TIMESTAMPTZ
        -- What only the page still sees is not gone.
        OR getvariable('remove_gone') AND state = 'deleted' AND reason <> 'hidden'
    );

UPDATE store.revision SET text = '' WHERE item_key IN (SELECT item_key FROM expiring);
DELETE FROM store.media WHERE item_key IN (SELECT item_key FROM expiring);
UPDATE store.item SET parent_text = NULL WHERE item_key IN (SELECT item_key FROM expiring);
-- What ACTO itself wrote is still known as such: answers to it are judged by that.
UPDATE store.item SET author_name = NULL, author_handle = NULL
WHERE item_key IN (SELECT item_key FROM expiring)
    AND coalesce(lower(ltrim(coalesce(author_handle, author_name), '@')), '') NOT IN (
        SELECT lower(ltrim(handle, '@')) FROM store.handle
        WHERE role = 'official' AND platform = getvariable('platform')
    );
UPDATE store.flag SET evidence = '' WHERE item_key IN (SELECT item_key FROM expiring);
INSERT INTO store.state
SELECT item_key, 'expired', reason, getvariable('run_id'), getvariable('now')::TIMESTAMPTZ FROM expiring;

-- What could not be read as an item is content all the same; that there was something, and why, stays.
UPDATE store.quarantine SET raw = ''::BLOB
WHERE list_contains(getvariable('sources'), source) AND seen_at < getvariable('read_before')::TIMESTAMPTZ AND raw <> ''::BLOB;
