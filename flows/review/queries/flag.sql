-- One flag, and what was decided about it last.
SELECT
    flag_now.*,
    coalesce(named.title, flag_now.check_id) AS title,
    said.decision AS said,
    said.reason AS decision_reason,
    said.decided_by,
    said.decided_at AS said_at,
    said.expires_at,
    (SELECT count(*) FROM decision_now WHERE flag_id = $flag_id) AS decisions
FROM flag_now
LEFT JOIN named ON named.check_id = flag_now.check_id
LEFT JOIN (FROM decision_now WHERE flag_id = $flag_id ORDER BY place DESC LIMIT 1) AS said ON true
WHERE flag_now.flag_id = $flag_id
