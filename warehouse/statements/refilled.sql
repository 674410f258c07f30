-- What has been emptied and a page shows again, in `refilled`: who wrote it comes back, and the words of the version that
-- it shows, to its flags too. That is so where the platform's terms asked for it to be read again; what went because its
-- time was over comes back only with a new version, or where something new answers it, which nobody can judge without it.
-- Runs before land_states.sql, which makes the items present.
CREATE OR REPLACE TEMP TABLE refilled AS
WITH
expired AS (SELECT item_key FROM held WHERE is_expired),
over AS (
    SELECT item_key
    FROM store.removed
    SEMI JOIN expired USING (item_key)
    GROUP BY item_key
    HAVING arg_max(rule, rowid) IN ('not flagged', 'closed', 'dismissed')
),
shown AS (
    SELECT staged.*, held.revision, staged.content_hash = held.content_hash AS unchanged,
        held.item_key IS NULL OR staged.content_hash <> held.content_hash AND NOT is_old AS is_new
    FROM staged LEFT JOIN held USING (item_key)
)
SELECT DISTINCT ON (item_key) *
FROM shown
WHERE item_key IN (FROM expired)
    AND (
        is_new
        OR NOT getvariable('imported')
        AND (
            item_key NOT IN (FROM over)
            OR EXISTS (FROM shown AS answer WHERE answer.is_new AND answer.platform = shown.platform AND answer.parent_id = shown.id)
        )
    )
ORDER BY item_key, is_new DESC;
