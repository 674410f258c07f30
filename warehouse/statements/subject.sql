-- All that is held about the writer of the items in `doomed`, who is called one of `known`.
-- section: items
SELECT items.* FROM items SEMI JOIN doomed USING (item_id) ORDER BY item_id;
-- section: versions
SELECT revisions.* FROM revisions SEMI JOIN doomed USING (item_id) ORDER BY item_id, revision;
-- section: media
SELECT media.* FROM media SEMI JOIN doomed USING (item_id) ORDER BY item_id, revision, position;
-- section: states
SELECT item_id, state, reason, recorded_at FROM store.state JOIN doomed USING (item_key) ORDER BY item_id, recorded_at;
-- section: times seen
SELECT item_id, count(*) AS times, min(seen_at) AS first, max(seen_at) AS last
FROM store.sighting JOIN doomed USING (item_key) GROUP BY item_id ORDER BY item_id;
-- section: flags
SELECT flags.* FROM flags SEMI JOIN doomed USING (item_id) ORDER BY item_id, flag_id;
-- section: decisions
SELECT decisions.* FROM decisions
WHERE flag_id IN (SELECT flag_id FROM store.flag SEMI JOIN doomed USING (item_key)) ORDER BY decided_at;
-- section: notes
SELECT flag_id, text, written_by, written_at FROM store.note
WHERE flag_id IN (SELECT flag_id FROM store.flag SEMI JOIN doomed USING (item_key)) ORDER BY written_at;
-- section: near misses
SELECT item_id, revision, nearness, near_miss.recorded_at
FROM store.near_miss JOIN store.revision USING (revision_id) JOIN doomed USING (item_key) ORDER BY item_id;
-- section: audit
SELECT audit.* FROM store.audit SEMI JOIN doomed USING (item_id) ORDER BY item_id;
-- section: holds
SELECT item_id, held, reason, review_by, recorded_at FROM store.hold JOIN doomed USING (item_key) ORDER BY recorded_at;
-- section: removed by retention
SELECT item_id, rule, recorded_at FROM store.removed JOIN doomed USING (item_key) ORDER BY recorded_at;
-- section: reports that quote them
SELECT DISTINCT report.report_id, report.composed_at
FROM store.quoted JOIN doomed USING (item_key) JOIN store.report USING (report_id) ORDER BY composed_at;
-- section: roster
SELECT platform, handle, role, member_id FROM store.handle
WHERE platform = getvariable('platform') AND list_contains(getvariable('handles')::VARCHAR[], lower(ltrim(handle, '@')));
-- section: judged by the roster
SELECT check_id, member_id, recorded_at FROM store.person
WHERE member_id IN (
    SELECT member_id FROM store.handle
    WHERE platform = getvariable('platform') AND list_contains(getvariable('handles')::VARCHAR[], lower(ltrim(handle, '@')))
)
ORDER BY recorded_at;
-- section: written by others, naming them
SELECT items.item_id, items.text, items.created_at, items.url FROM items ANTI JOIN doomed USING (item_id)
WHERE len(list_filter(
        getvariable('known')::VARCHAR[],
        lambda name: regexp_matches(items.text, '(?i)(^|[^\pL\pN_])' || regexp_escape(ltrim(name, '@')) || '([^\pL\pN_]|$)')
    )) > 0
ORDER BY items.item_id;
-- section: could not be read, naming them
SELECT quarantine_id, source, seen_at, reason, raw::VARCHAR AS raw FROM quarantine
WHERE len(list_filter(getvariable('known')::VARCHAR[], lambda name: contains(raw::VARCHAR, encode(name)::VARCHAR))) > 0
ORDER BY seen_at;
