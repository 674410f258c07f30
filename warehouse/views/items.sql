-- Every item as it is now, the latest version of its content and its state.
CREATE OR REPLACE VIEW items AS
WITH
latest AS (SELECT item_key, max(revision) AS revision FROM store.revision GROUP BY item_key),
seen AS (SELECT item_key, max(seen_at) AS last_seen_at FROM store.sighting GROUP BY item_key),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS state_reason
    FROM store.state
    GROUP BY item_key
),
author AS (
    SELECT platform, lower(ltrim(handle, '@')) AS handle, max(role) AS role, bool_and(imports_only) AS imports_only
    FROM store.handle
    GROUP BY ALL
),
item AS (
    SELECT *, run_id IN (SELECT run_id FROM store.run_started WHERE kind = 'import') AS imported FROM store.item
)
SELECT
    item.item_id,
    item.source,
    item.platform,
    item.kind,
    item.parent_id,
    item.thread_id,
    item.author_id,
    item.author_name,
    item.author_handle,
    coalesce(by_handle.role, by_name.role, 'public') AS author_role,
    revision.text,
    revision.rating,
    item.url,
    item.created_at,
    revision.edited_at,
    item.first_seen_at,
    seen.last_seen_at,
    coalesce(standing.state, 'present') AS state,
    standing.state_reason,
    revision.revision
FROM item
JOIN latest USING (item_key)
JOIN store.revision ON revision.item_key = latest.item_key AND revision.revision = latest.revision
LEFT JOIN seen ON seen.item_key = item.item_key
LEFT JOIN standing ON standing.item_key = item.item_key
LEFT JOIN author AS by_handle
    ON by_handle.platform = item.platform AND by_handle.handle = lower(ltrim(item.author_handle, '@'))
    AND NOT (by_handle.imports_only AND NOT item.imported)
-- A display name proves nothing, anybody can take ACTO's; but nobody else can answer a review as its owner.
LEFT JOIN author AS by_name
    ON item.kind = 'review_reply' AND item.author_handle IS NULL AND by_name.role = 'official'
    AND by_name.platform = item.platform AND by_name.handle = lower(item.author_name);
