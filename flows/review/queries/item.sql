-- A flagged item as it is now: as in the view items (a test compares the two), which would work out the whole history. Each
-- part asks by a value, so that only the rows that have it are read whole.
WITH
this AS (
    SELECT *, run_id IN (SELECT run_id FROM store.run_started WHERE kind = 'import') AS imported
    FROM store.item WHERE item_key = $item_key
),
newest AS (
    SELECT arg_max(text, revision) AS text, arg_max(struct_pack(rating), revision).rating AS rating, max(revision) AS revision
    FROM store.revision WHERE item_key = $item_key
),
standing AS (
    SELECT arg_max(state, rowid) AS state, arg_max(reason, rowid) AS state_reason FROM store.state WHERE item_key = $item_key
),
author AS (
    SELECT platform, lower(ltrim(handle, '@')) AS handle, max(role) AS role, bool_and(imports_only) AS imports_only
    FROM store.handle
    GROUP BY ALL
)
SELECT
    this.item_id, this.platform, this.kind, this.parent_id, this.thread_id, this.author_name, this.author_handle,
    coalesce(by_handle.role, by_name.role, 'public') AS author_role,
    newest.text, newest.rating, newest.revision, this.url, this.created_at, this.parent_text,
    coalesce(standing.state, 'present') AS state, standing.state_reason
FROM this
CROSS JOIN newest
CROSS JOIN standing
LEFT JOIN author AS by_handle
    ON by_handle.platform = this.platform AND by_handle.handle = lower(ltrim(this.author_handle, '@'))
    AND NOT (by_handle.imports_only AND NOT this.imported)
LEFT JOIN author AS by_name
    ON this.kind = 'review_reply' AND this.author_handle IS NULL AND by_name.role = 'official'
    AND by_name.platform = this.platform AND by_name.handle = lower(this.author_name)
