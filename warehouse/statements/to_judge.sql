-- The rows of `gated` as the checks see them, before their texts are made plain. `to_validate`: whether there could be a format
-- or a name in it.
WITH
passed AS (
    SELECT revision_id, item_key, revision, text, rating, coalesce(to_validate, false) AS to_validate
    FROM store.revision
    JOIN gated USING (revision_id)
),
own AS (
    SELECT passed.*, item.* EXCLUDE (item_key),
        md5_number_lower(item.platform || chr(31) || substr(item.parent_id, length(item.platform) + 2)) AS parent_key,
        item.run_id NOT IN (SELECT run_id FROM store.run_started WHERE kind = 'import') AS by_api
    FROM passed JOIN store.item USING (item_key)
),
parent AS (
    SELECT item.item_key AS parent_key, item.platform, item.kind, item.author_handle, item.author_name,
        arg_max(revision.text, revision.revision) AS text
    FROM store.item JOIN store.revision USING (item_key)
    WHERE item.item_key IN (SELECT parent_key FROM own)
    GROUP BY ALL
),
author AS (
    SELECT platform, lower(ltrim(handle, '@')) AS handle, max(role) AS role, max(member_id) AS member_id,
        bool_and(imports_only) AS imports_only
    FROM store.handle
    GROUP BY ALL
)
SELECT
    own.revision_id,
    own.item_id,
    own.revision,
    own.source,
    own.platform,
    own.kind,
    own.thread_id,
    coalesce(own.parent_id, '') AS parent_id,
    coalesce(own.author_id, '') AS author_id,
    coalesce(own.author_name, '') AS author_name,
    coalesce(own.author_handle, '') AS author_handle,
    coalesce(by_handle.role, by_name.role, 'public') AS author_role,
    by_handle.member_id AS author_member_id,
    own.text,
    coalesce(own.parent_text, parent.text, '') AS parent_text,
    CASE
        WHEN parent.parent_key IS NULL THEN ''
        ELSE coalesce(parent_handle.role, parent_name.role, 'public')
    END AS parent_author_role,
    own.rating,
    own.created_at,
    -- The platform's terms bind what came through its API.
    own.by_api,
    own.to_validate
FROM own
LEFT JOIN parent USING (parent_key)
LEFT JOIN author AS by_handle
    ON by_handle.platform = own.platform AND by_handle.handle = lower(ltrim(own.author_handle, '@'))
    AND NOT (by_handle.imports_only AND own.by_api)
-- A display name proves nothing, anybody can take ACTO's; but nobody else can answer a review as its owner.
LEFT JOIN author AS by_name
    ON own.kind = 'review_reply' AND own.author_handle IS NULL AND by_name.role = 'official'
    AND by_name.platform = own.platform AND by_name.handle = lower(own.author_name)
LEFT JOIN author AS parent_handle
    ON parent_handle.platform = parent.platform AND parent_handle.handle = lower(ltrim(parent.author_handle, '@'))
    AND NOT (parent_handle.imports_only AND own.by_api)
LEFT JOIN author AS parent_name
    ON parent.kind = 'review_reply' AND parent.author_handle IS NULL AND parent_name.role = 'official'
    AND parent_name.platform = parent.platform AND parent_name.handle = lower(parent.author_name)
ORDER BY own.revision_id
