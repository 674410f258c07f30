-- Draws unflagged versions for the Chair to look at, half of them among those that came near to a flag: what a check
-- misses lies there. Each stands for `weight` of its stratum, so that the whole can be estimated.
INSERT INTO store.audit_drawn
WITH
flagged AS (SELECT DISTINCT revision_id FROM store.flag),
judged AS (
    SELECT revision.revision_id, revision.item_key, revision.revision,
        CASE WHEN near_miss.revision_id IS NULL THEN 'far' ELSE 'near' END AS stratum
    FROM store.revision
    LEFT JOIN (SELECT DISTINCT revision_id FROM store.near_miss WHERE run_id = getvariable('run_id')) AS near_miss
        USING (revision_id)
    WHERE revision.run_id = getvariable('run_id')
        AND revision.text <> ''
        AND revision.revision_id NOT IN (FROM flagged)
        -- What a check has tried and could not judge is not missed by it: the report tells of that.
        AND NOT EXISTS (
            FROM store.judged
            WHERE version IS NULL AND run_id = getvariable('run_id') AND revision.revision_id > after_id
                AND revision.revision_id <= up_to
        )
),
shuffled AS (
    SELECT judged.*,
        count(*) OVER (PARTITION BY stratum) AS size,
        -- The same draw for the same night, and nobody can steer it by what he posts.
        row_number() OVER (PARTITION BY stratum ORDER BY md5(getvariable('run_id') || revision_id)) AS place
    FROM judged
),
sizes AS (
    SELECT coalesce(max(size) FILTER (stratum = 'near'), 0) AS near, coalesce(max(size) FILTER (stratum = 'far'), 0) AS far
    FROM shuffled
),
shares AS (
    SELECT stratum, least(size, share) AS share
    FROM (
        SELECT 'near' AS stratum, near AS size,
            greatest(getvariable('wanted') // 2, getvariable('wanted') - far) AS share FROM sizes
        UNION ALL
        SELECT 'far', far,
            greatest(getvariable('wanted') - getvariable('wanted') // 2, getvariable('wanted') - near) FROM sizes
    )
)
SELECT revision_id, item_key, revision, stratum, size / share, getvariable('run_id'), getvariable('now')::TIMESTAMPTZ
FROM shuffled JOIN shares USING (stratum)
WHERE place <= share
