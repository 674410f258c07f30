-- Each time that a flag of an item was lost or found again, in its order. Why nobody has written down: the version of its check
-- can be why only where that had not judged the text before, and the roster or the register of permissions only where the run
-- found that they had changed.
SELECT
    flag_id, coalesce(checks.title, flag.check_id) AS title, standing.found, standing.check_version,
    standing.check_version <> flag.check_version
    AND NOT EXISTS (
        FROM store.judged
        WHERE judged.check_id = flag.check_id AND judged.version = standing.check_version
            AND flag.revision_id > judged.after_id AND flag.revision_id <= judged.up_to
            AND judged.recorded_at < standing.recorded_at
    )
    AND NOT EXISTS (
        FROM store.flag_standing AS earlier
        WHERE earlier.flag_id = standing.flag_id AND earlier.check_version = standing.check_version
            AND earlier.rowid < standing.rowid
    ) AS new_version,
    EXISTS (
        FROM store.person WHERE person.check_id = flag.check_id AND person.run_id = standing.run_id
    ) AS people_changed,
    standing.recorded_at AS "at"
FROM store.flag_standing AS standing
JOIN (FROM store.flag WHERE item_key = $item_key) AS flag USING (flag_id)
LEFT JOIN checks ON checks.check_id = flag.check_id
ORDER BY standing.rowid
