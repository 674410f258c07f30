-- What this run's report told; where it has not been frozen yet, every open flag that no report has told.
-- A report that every recipient's mail server has refused has told nobody.
WITH refused AS (
    SELECT report_id
    FROM (SELECT report_id, arg_max(state, rowid) AS state FROM store.delivery GROUP BY report_id, recipient)
    GROUP BY report_id
    HAVING bool_and(state = 'failed')
),
told AS (
    SELECT flag_id, run_id
    FROM store.reported
    JOIN store.report USING (report_id)
    WHERE run_id = $run_id OR report_id NOT IN (FROM refused)
),
chosen AS MATERIALIZED (
    SELECT * FROM flags
    WHERE CASE
        WHEN $run_id IN (SELECT run_id FROM told) THEN flag_id IN (SELECT flag_id FROM told WHERE run_id = $run_id)
        ELSE status = 'open' AND flag_id NOT IN (SELECT flag_id FROM told)
    END
),
flagged AS MATERIALIZED (SELECT * FROM items WHERE item_id IN (SELECT item_id FROM chosen)),
-- Whose names the text may hold: whoever wrote it, what it answers and what began the thread. Nobody masks ACTO.
people AS (
    SELECT near.item_id, list(person.author_name) AS names, list(person.author_handle) AS handles
    FROM (SELECT item_id, unnest([item_id, parent_id, thread_id]) AS near_id FROM flagged) AS near
    JOIN store.item AS person ON person.item_id = near.near_id
    WHERE NOT EXISTS (
        SELECT 1 FROM store.handle
        WHERE role = 'official'
            AND lower(ltrim(handle, '@')) IN (lower(ltrim(person.author_handle, '@')), lower(person.author_name))
    )
    GROUP BY near.item_id
)
SELECT
    chosen.flag_id, chosen.item_id, chosen.check_id, chosen.clause, checks.title, chosen.severity, chosen.reason,
    chosen.evidence, chosen.start_char, chosen.end_char,
    -- Retention leaves no words; nothing was ever flagged in none.
    nullif(revisions.text, '') AS text,
    (
        SELECT min(earlier.flagged_at) FROM flags AS earlier
        WHERE earlier.item_id = chosen.item_id AND earlier.check_id = chosen.check_id
            AND earlier.revision < chosen.revision
    ) AS flagged_before,
    flagged.platform, flagged.kind, flagged.url, flagged.author_name, flagged.author_handle, flagged.author_role,
    flagged.created_at, flagged.state, flagged.revision > chosen.revision AS edited_since,
    -- By its words, so that it is true also of what has not been judged yet; retention may have emptied them.
    flagged.revision > chosen.revision AND chosen.evidence <> '' AND NOT contains(flagged.text, chosen.evidence) AS edited_away,
    -- Posts that were read long ago, and that a check found only once it was changed.
    chosen.run_id IN (SELECT run_id FROM store.run_started WHERE kind = 'recheck') AS found_again,
    list_sort(list_distinct(list_concat(people.names, people.handles))) AS people
FROM chosen
JOIN flagged USING (item_id)
LEFT JOIN revisions ON revisions.item_id = chosen.item_id AND revisions.revision = chosen.revision
LEFT JOIN checks ON checks.check_id = chosen.check_id
LEFT JOIN people ON people.item_id = chosen.item_id
ORDER BY flagged.created_at DESC NULLS LAST, chosen.item_id, chosen.clause, chosen.flag_id
