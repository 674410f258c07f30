-- What this run's report told; where it has not been frozen yet, every open flag that no report has told. Of a report that nobody
-- was sent only the items are kept: it told their open flags, but for those that earlier reports had told and later runs raised.
-- A report that every recipient's mail server has refused has told nobody.
-- Only what is told is looked up, and whole rows and texts only of that: the view items would work out the whole history.
WITH refused AS (
    SELECT report_id
    FROM (SELECT report_id, arg_max(state, rowid) AS state FROM store.delivery GROUP BY report_id, recipient)
    GROUP BY report_id
    HAVING bool_and(state = 'failed')
),
this_one AS (SELECT report_id, composed_at, rowid AS place FROM store.report WHERE run_id = $run_id),
told AS (
    SELECT flag_id, run_id
    FROM store.reported
    JOIN store.report USING (report_id)
    WHERE run_id = $run_id
        OR (report_id NOT IN (FROM refused) AND report.rowid <= coalesce((SELECT max(place) FROM this_one), report.rowid))
),
later AS (
    SELECT run_id FROM store.run_started
    WHERE rowid > (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
),
chosen AS MATERIALIZED (
    SELECT flags.*, flag.item_key, flag.revision_id
    FROM flags JOIN store.flag USING (flag_id)
    WHERE CASE
        WHEN $run_id IN (SELECT run_id FROM told) THEN flag_id IN (SELECT flag_id FROM told WHERE run_id = $run_id)
        WHEN EXISTS (FROM this_one) THEN flag.item_key IN (SELECT item_key FROM store.quoted SEMI JOIN this_one USING (report_id))
            AND flag_id NOT IN (SELECT flag_id FROM told) AND flags.run_id NOT IN (FROM later)
            -- Or something has become of it since.
            AND (
                status = 'open' OR decided_at > (SELECT max(composed_at) FROM this_one)
                OR flag_id IN (SELECT flag_id FROM store.flag_standing SEMI JOIN later USING (run_id))
            )
        ELSE status = 'open' AND flag_id NOT IN (SELECT flag_id FROM told)
    END
),
flagged AS MATERIALIZED (
    SELECT *, run_id IN (SELECT run_id FROM store.run_started WHERE kind = 'import') AS imported
    FROM store.item
    WHERE rowid IN (SELECT rowid FROM store.item SEMI JOIN chosen USING (item_key))
),
latest AS (
    SELECT item_key, max(revision) AS revision, arg_max(revision_id, revision) AS revision_id
    FROM store.revision SEMI JOIN flagged USING (item_key)
    GROUP BY item_key
),
standing AS (
    SELECT item_key, arg_max(state, rowid) AS state, arg_max(reason, rowid) AS state_reason
    FROM store.state SEMI JOIN flagged USING (item_key)
    GROUP BY item_key
),
-- Who is who, as in the view items (a test compares the two).
author AS (
    SELECT platform, lower(ltrim(handle, '@')) AS handle, max(role) AS role, bool_and(imports_only) AS imports_only
    FROM store.handle
    GROUP BY ALL
),
before AS (
    SELECT chosen.flag_id, min(earlier.flagged_at) AS flagged_before
    FROM chosen
    JOIN store.flag AS earlier USING (item_key, check_id)
    WHERE earlier.revision < chosen.revision
    GROUP BY chosen.flag_id
),
named AS (SELECT check_id, arg_max(title, rowid) AS title FROM store.check_version GROUP BY check_id),
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
    chosen.flag_id, chosen.item_id, chosen.check_id, chosen.clause, named.title, chosen.severity, chosen.reason,
    chosen.evidence, chosen.start_char, chosen.end_char,
    -- Retention leaves no words; nothing was ever flagged in none.
    nullif(version.text, '') AS text,
    before.flagged_before,
    flagged.platform, flagged.kind, flagged.url, flagged.author_name, flagged.author_handle,
    coalesce(by_handle.role, by_name.role, 'public') AS author_role,
    flagged.created_at, coalesce(standing.state, 'present') AS state, standing.state_reason,
    latest.revision > chosen.revision AS edited_since,
    -- By its words, so that it is true also of what has not been judged yet; retention may have emptied them.
    latest.revision > chosen.revision AND chosen.evidence <> '' AND NOT contains(newest.text, chosen.evidence) AS edited_away,
    -- Posts that were read long ago, and that a check found only once it was changed.
    chosen.run_id IN (SELECT run_id FROM store.run_started WHERE kind = 'recheck') AS found_again,
    list_sort(list_distinct(list_concat(people.names, people.handles))) AS people
FROM chosen
JOIN flagged USING (item_key)
JOIN latest USING (item_key)
LEFT JOIN standing USING (item_key)
LEFT JOIN store.revision AS version ON version.revision_id = chosen.revision_id
LEFT JOIN store.revision AS newest ON newest.revision_id = latest.revision_id
LEFT JOIN before ON before.flag_id = chosen.flag_id
LEFT JOIN named ON named.check_id = chosen.check_id
LEFT JOIN people ON people.item_id = chosen.item_id
LEFT JOIN author AS by_handle
    ON by_handle.platform = flagged.platform AND by_handle.handle = lower(ltrim(flagged.author_handle, '@'))
    AND NOT (by_handle.imports_only AND NOT flagged.imported)
LEFT JOIN author AS by_name
    ON flagged.kind = 'review_reply' AND flagged.author_handle IS NULL AND by_name.role = 'official'
    AND by_name.platform = flagged.platform AND by_name.handle = lower(flagged.author_name)
ORDER BY flagged.created_at DESC NULLS LAST, chosen.item_id, chosen.clause, chosen.flag_id
