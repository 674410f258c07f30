-- Everything that has happened to an item, in order; what standings.sql tells comes at place 5.
WITH
this AS (SELECT created_at, first_seen_at FROM store.item WHERE item_key = $item_key),
its_flags AS (
    SELECT flag_id, title, clause, flagged_at, revision
    FROM flag_now
    JOIN named USING (check_id)
    WHERE item_key = $item_key
),
events AS (
    SELECT created_at AS "at", 0 AS place, 'Posted' AS what, '' AS "by", '' AS detail, false AS waits
    FROM this WHERE created_at IS NOT NULL
    UNION ALL
    SELECT first_seen_at, 1, 'First seen by the monitor', '', '', false FROM this
    UNION ALL
    SELECT seen_at, 2, 'Found edited: version ' || revision, '', '', false
    FROM store.revision WHERE item_key = $item_key AND revision > 1
    UNION ALL
    SELECT recorded_at, 3,
        CASE state
            WHEN 'present' THEN 'There again'
            WHEN 'absent' THEN 'No longer there'
            WHEN 'unknown' THEN 'Could not be looked for'
            WHEN 'deleted' THEN 'Removed, says the platform'
            WHEN 'expired' THEN 'Text removed from our records'
            ELSE state
        END,
        '', coalesce(reason, ''), false
    FROM store.state WHERE item_key = $item_key
    UNION ALL
    SELECT flagged_at, 4, 'Flagged: ' || title || ' (' || clause || ')', '', 'Version ' || revision, false FROM its_flags
    UNION ALL
    SELECT decided_at, 6,
        CASE decision
            WHEN 'dismissed' THEN 'Dismissed'
            WHEN 'removal_asked' THEN 'Removal asked for'
            WHEN 'escalated' THEN 'Escalated'
            WHEN 'resolved' THEN 'Resolved'
            WHEN 'undone' THEN 'Decision taken back'
            WHEN 'reopened' THEN 'Open again'
            ELSE decision
        END || ' (' || clause || ')',
        decided_by, reason, waits
    FROM decision_now JOIN its_flags USING (flag_id)
    UNION ALL
    SELECT written_at, 7, 'Note', written_by, text, waits FROM note_now JOIN its_flags USING (flag_id)
)
SELECT * FROM events ORDER BY "at", place
