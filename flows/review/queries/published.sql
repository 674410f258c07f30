-- What stands in a published history whatever is said later: looked up once for each that is published.
CREATE TEMP TABLE flag_then AS
WITH
decided AS (
    SELECT flag_id, arg_max(decision, rowid) AS decision, arg_max(struct_pack(expires_at), rowid).expires_at AS expires_at
    FROM store.decision
    GROUP BY flag_id
),
standing AS (SELECT flag_id, arg_max(found, rowid) AS found FROM store.flag_standing GROUP BY flag_id)
SELECT
    flag.*, item.item_id, item.source, item.platform, item.kind, item.author_name, item.author_handle, item.created_at,
    list_position(['urgent', 'high', 'normal', 'low'], severity) AS rank, decided.decision, decided.expires_at, standing.found
FROM store.flag
JOIN store.item USING (item_key)
LEFT JOIN decided USING (flag_id)
LEFT JOIN standing USING (flag_id);

CREATE TEMP TABLE audit_then AS FROM store.audit;

-- Each check as it is now, as in the view checks, and what it calls itself.
CREATE TEMP TABLE check_then AS
SELECT check_id, max(version) AS version, arg_max(clause, rowid) AS clause, arg_max(severity, rowid) AS severity,
    arg_max(title, rowid) AS title
FROM store.check_version
GROUP BY check_id;
CREATE TEMP VIEW named AS SELECT check_id, title FROM check_then;

-- In which row each item stands, by a number for its id and for what it belongs to: to look among the ids themselves costs ten
-- times as much (measured). Two ids may have one number, so who looks here compares the ids of what is found.
CREATE TEMP TABLE item_row AS
SELECT rowid AS "row", hash(item_id) AS own,
    if(parent_id IS NULL, NULL, hash(parent_id)) AS parent, if(thread_id IS NULL, NULL, hash(thread_id)) AS thread
FROM store.item;

-- Of everything: who scans one source alone, or some days, has not checked the rest.
CREATE TEMP TABLE last_scan AS
SELECT max(ended_at) AS ended_at
FROM store.run_started JOIN store.run_ended USING (run_id)
WHERE kind = 'scan' AND outcome <> 'failed'
    AND run_id NOT IN (FROM store.scanned_in_part);
