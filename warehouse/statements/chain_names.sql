-- How a person finds again what `asked` (kind, subject) names.
SELECT
    asked.kind,
    asked.subject,
    CASE asked.kind
        WHEN 'version' THEN
            coalesce(item.item_id || ', version ' || revision.revision, 'the version with revision_id ' || subject)
        WHEN 'flag' THEN 'flag ' || subject
        WHEN 'decision' THEN 'the decision about flag ' || split_part(subject, '@', 1) || ' of '
            || strftime(make_timestamp(split_part(subject, '@', 2)::BIGINT), '%Y-%m-%d %H:%M:%S UTC')
        WHEN 'answer' THEN 'the audit answer about the version with revision_id ' || split_part(subject, '@', 1)
        WHEN 'report' THEN 'report ' || subject
        WHEN 'refused' THEN 'quarantine ' || subject
        ELSE subject
    END AS name
FROM asked
LEFT JOIN store.revision ON asked.kind = 'version' AND revision.revision_id = try_cast(asked.subject AS BIGINT)
LEFT JOIN store.item USING (item_key)
ORDER BY asked.kind, asked.subject
