-- What every page says: how much waits, and when the last scan ended.
SELECT
    (SELECT count(*) FROM flag_now WHERE status = 'open') AS open_flags,
    (SELECT count(DISTINCT item_id) FROM audit_now WHERE waits) AS audit_waits,
    ended_at AS last_scan,
    now() - ended_at > INTERVAL 26 HOUR AS overdue
FROM last_scan
