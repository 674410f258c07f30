-- Draws unflagged versions for the Chair to look at, half of them among those that came near to a flag: what a check
-- misses lies there. Each stands for `weight` of its stratum, so that the whole can be estimated. A row without a version keeps
-- how large a stratum was from which nothing was drawn; without a stratum, that beside what was flagged nothing was left to draw.
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
        -- The same draw for the same night, and nobody can steer it by what he posts.
        row_number() OVER (PARTITION BY stratum ORDER BY md5(getvariable('run_id') || revision_id)) AS place
    FROM judged
),
sizes AS (
    SELECT
        count(*) FILTER (stratum = 'near') AS near,
        count(*) FILTER (stratum = 'far') AS far,
        getvariable('wanted') AS wanted,
        -- One alone has no half: it is drawn near to a flag on every other night, by chance.
        if(wanted = 1 AND md5(getvariable('run_id')) < '8', 1, wanted // 2) AS half
    FROM judged
),
shares AS (
    SELECT stratum, size, least(size, share) AS share
    FROM (
        SELECT 'near' AS stratum, near AS size, greatest(half, wanted - far) AS share FROM sizes
        UNION ALL
        SELECT 'far', far, greatest(wanted - half, wanted - near) FROM sizes
    )
),
kept AS (
    SELECT revision_id, item_key, revision, stratum, size / share AS weight
    FROM shuffled JOIN shares USING (stratum)
    WHERE place <= share
    UNION ALL
    SELECT NULL, NULL, NULL, stratum, size FROM shares WHERE size > 0 AND share = 0
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, 0 FROM sizes
    WHERE near + far = 0 AND EXISTS (FROM store.revision JOIN flagged USING (revision_id) WHERE run_id = getvariable('run_id'))
)
SELECT *, getvariable('run_id'), getvariable('now')::TIMESTAMPTZ FROM kept
