-- The checks that have not judged the newest text of an item whole, as checks.due has it: none of their versions has, or the
-- last to try could not. `tried`: one has tried, or a scan has ended that had this text to judge. What an added check has not
-- come to yet is as with all older items.
WITH
newest AS (
    SELECT arg_max(struct_pack(revision_id, text, seen_at, run_id), revision) AS this
    FROM store.revision
    WHERE item_key = $item_key AND item_key NOT IN (SELECT item_key FROM store.item WHERE platform = 'concern')
),
known AS (
    SELECT check_id, arg_max(clause, rowid) AS clause, arg_max(title, rowid) AS title, min(recorded_at) AS known_at
    FROM store.check_version
    GROUP BY check_id
),
turns AS (
    SELECT check_id, min(recorded_at) AS first_at, max(recorded_at) FILTER (version IS NOT NULL) AS judged_at,
        max(recorded_at) FILTER (version IS NULL) AS tried_at
    FROM store.judged JOIN newest ON newest.this.revision_id > after_id AND newest.this.revision_id <= up_to
    GROUP BY check_id
),
scanned AS (
    SELECT count(*) > 0 AS was
    FROM store.run_started JOIN store.run_ended USING (run_id) CROSS JOIN newest
    WHERE kind = 'scan' AND (run_id = newest.this.run_id OR started_at >= newest.this.seen_at)
)
SELECT known.check_id, known.clause, known.title, turns.tried_at IS NOT NULL OR scanned.was AS tried
FROM known
CROSS JOIN newest
CROSS JOIN scanned
LEFT JOIN turns USING (check_id)
WHERE newest.this.text <> ''
    AND (turns.judged_at IS NULL OR turns.tried_at > turns.judged_at)
    AND (turns.tried_at IS NOT NULL OR known_at <= coalesce((SELECT min(first_at) FROM turns), known_at))
ORDER BY known.clause, known.check_id
