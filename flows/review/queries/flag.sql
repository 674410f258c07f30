-- One flag with the text that it was found in. `version` changes with everything that a decision must know of.
SELECT
    flag_now.*,
    revision.text,
    newest.revision AS newest_revision,
    coalesce(named.title, flag_now.check_id) AS title,
    said.reason AS decision_reason,
    said.decided_by,
    said.decided_at AS said_at,
    said.expires_at,
    concat_ws('.', newest.revision, (SELECT count(*) FROM decision_now WHERE flag_id = $flag_id), flag_now.status) AS version
FROM flag_now
LEFT JOIN store.revision ON revision.revision_id = flag_now.revision_id
LEFT JOIN named ON named.check_id = flag_now.check_id
LEFT JOIN (FROM decision_now WHERE flag_id = $flag_id ORDER BY place DESC LIMIT 1) AS said ON true
CROSS JOIN (
    SELECT max(revision) AS revision FROM store.revision
    WHERE item_key = (SELECT item_key FROM flag_now WHERE flag_id = $flag_id)
) AS newest
WHERE flag_now.flag_id = $flag_id
