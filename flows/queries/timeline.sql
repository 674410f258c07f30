-- What is known of one item, but for standings.sql and unjudged.sql, in one row, so that all of it is of the same moment; each
-- list in its order.
-- Each part asks for the item by itself: tied to the outer row, a part was worked out for the whole history (measured:
-- minutes instead of a third of a second on 200,000 items).
WITH
own AS MATERIALIZED (SELECT item.*, items.author_role, items.last_seen_at, items.state, items.state_reason
        FROM store.item JOIN items USING (item_id) WHERE item_id = $item_id),
-- Each report that told of it, and when the first recipient had it; one that nobody was to get was never told.
told AS MATERIALIZED (
    SELECT report.report_id, report.run_id, report.composed_at, list(DISTINCT reported.flag_id) AS flag_ids,
        min(delivery.recorded_at) FILTER (delivery.state = 'sent') AS sent_at
    FROM store.reported
    JOIN store.report USING (report_id)
    LEFT JOIN store.delivery USING (report_id)
    WHERE flag_id IN (SELECT flag_id FROM store.flag WHERE item_key = (SELECT item_key FROM own))
    GROUP BY ALL
),
near AS MATERIALIZED (
    SELECT *, item_id = (SELECT parent_id FROM own) AS is_parent
    FROM store.item
    WHERE item_id IN (SELECT unnest([parent_id, thread_id]) FROM own) AND item_id <> $item_id
)
SELECT
    own.item_id, own.platform, own.kind, own.url, own.author_name, own.author_handle, own.author_role,
    own.created_at, own.first_seen_at, own.last_seen_at, own.state, own.state_reason,
    (SELECT list(source ORDER BY source) FROM (
        SELECT source FROM own UNION SELECT source FROM store.also_in WHERE item_key = (SELECT item_key FROM own)
    )) AS sources,
    (
        SELECT list(struct_pack(
            revision := version.revision, text := version.text, rating := version.rating, seen_at := version.seen_at,
            edited_at := version.edited_at, imported := run_started.kind IS NOT DISTINCT FROM 'import', media := part.parts
        ) ORDER BY version.revision)
        FROM store.revision AS version
        LEFT JOIN store.run_started USING (run_id)
        LEFT JOIN (
            SELECT revision, list(struct_pack(type := type, url := url, text := text) ORDER BY position) AS parts
            FROM store.media WHERE item_key = (SELECT item_key FROM own) GROUP BY revision
        ) AS part USING (revision)
        WHERE version.item_key = (SELECT item_key FROM own)
    ) AS versions,
    (
        SELECT list(struct_pack(state := change.state, reason := change.reason, at := change.recorded_at)
            ORDER BY change.recorded_at, change.rowid)
        FROM store.state AS change WHERE change.item_key = (SELECT item_key FROM own)
    ) AS changes,
    (
        SELECT list(struct_pack(
            flag_id := flags.flag_id, revision := flags.revision, check_id := flags.check_id,
            check_version := flags.check_version, clause := flags.clause, title := checks.title,
            severity := flags.severity, score := flags.score, evidence := flags.evidence,
            start_char := flags.start_char, end_char := flags.end_char, reason := flags.reason,
            flagged_at := flags.flagged_at, status := flags.status,
            found_again := run_started.kind IS NOT DISTINCT FROM 'recheck'
        ) ORDER BY flags.flagged_at, flags.revision, flags.clause, flags.flag_id)
        FROM flags
        LEFT JOIN checks USING (check_id)
        LEFT JOIN store.run_started USING (run_id)
        WHERE flags.item_id = (SELECT item_id FROM own)
    ) AS flags,
    (
        SELECT list(struct_pack(
            flag_id := flag_id, decision := decision.decision, reason := decision.reason,
            decided_by := decision.decided_by, decided_at := decision.decided_at, expires_at := decision.expires_at
        ) ORDER BY decision.rowid)
        FROM store.decision
        JOIN (SELECT flag_id FROM store.flag WHERE item_key = (SELECT item_key FROM own)) USING (flag_id)
    ) AS decisions,
    (
        SELECT list(struct_pack(
            report_id := report_id, run_id := run_id, composed_at := composed_at, sent_at := sent_at, flag_ids := flag_ids
        ) ORDER BY composed_at, report_id)
        FROM told
    ) AS reports,
    -- What it answers, and what began its thread, each as it is now; of what we never saw, an import may tell the words.
    (
        SELECT list(struct_pack(
            item_id := near.item_id, kind := near.kind, author_name := near.author_name,
            author_handle := near.author_handle, text := latest.text, is_parent := near.is_parent
        ) ORDER BY near.is_parent)
        FROM near
        JOIN (
            SELECT item_key, arg_max(text, revision) AS text FROM store.revision
            WHERE item_key IN (SELECT item_key FROM near)
            GROUP BY item_key
        ) AS latest USING (item_key)
    ) AS around,
    own.parent_id,
    own.parent_text,
    own.item_key
FROM own
