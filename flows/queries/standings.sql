-- Each time that a flag of an item was lost or found again, in its order. Why nobody has written down: the version of its check
-- can be why only where that had not judged the text before, and the roster or the register of permissions only where the run
-- found that they had changed, and judged the text again for that. What came before is told by the order of the runs: a clock
-- may have been set back.
WITH begun AS (SELECT run_id, min(rowid) AS place FROM store.run_started GROUP BY run_id),
flag AS (
    SELECT flag.*, author_handle, EXISTS (
        FROM store.handle
        WHERE handle.platform = item.platform AND lower(ltrim(handle.handle, '@')) = lower(ltrim(author_handle, '@'))
    ) AS author_known
    FROM store.flag JOIN store.item USING (item_key)
    WHERE item_key = $item_key
),
judged AS (
    SELECT flag_id, judged.version, judged.run_id, begun.place
    FROM flag
    JOIN store.judged ON judged.check_id = flag.check_id AND flag.revision_id > after_id AND flag.revision_id <= up_to
    LEFT JOIN begun ON begun.run_id = judged.run_id
),
told AS (
    SELECT
        flag.*, standing.found, standing.check_version AS by_version, standing.run_id AS by_run, standing.recorded_at,
        standing.rowid AS place,
        standing.check_version <> flag.check_version
        AND NOT EXISTS (
            FROM judged
            WHERE judged.flag_id = standing.flag_id AND judged.version = standing.check_version
                AND judged.place < begun.place
        )
        AND NOT EXISTS (
            FROM store.flag_standing AS earlier
            WHERE earlier.flag_id = standing.flag_id AND earlier.check_version = standing.check_version
                AND earlier.rowid < standing.rowid
        ) AS new_version
    FROM store.flag_standing AS standing
    JOIN flag USING (flag_id)
    LEFT JOIN begun ON begun.run_id = standing.run_id
)
SELECT
    flag_id, coalesce(checks.title, told.check_id) AS title, found, by_version AS check_version, new_version,
    EXISTS (FROM store.person WHERE person.check_id = told.check_id AND person.run_id = by_run)
    -- What is new to the check is judged whoever it is about.
    AND NOT EXISTS (FROM judged WHERE judged.flag_id = told.flag_id AND judged.run_id = by_run)
    -- Flagged texts by nobody who is known are judged again for any change of people (warehouse/people.py), also where they are
    -- about none of them. The same version of a check comes to something else only where it is about them; a new one always may.
    AND (NOT new_version OR author_handle IS NULL OR author_known) AS people_changed,
    recorded_at AS "at"
FROM told
LEFT JOIN checks ON checks.check_id = told.check_id
ORDER BY place
