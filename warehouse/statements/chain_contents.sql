-- Of the `subjects` of one kind, what is not as it was sealed.
WITH
present AS (
    SELECT subject, any_value(content) AS content, count(*) AS times FROM (FROM contents) GROUP BY subject
),
sealed AS (
    SELECT subject, arg_max(salt, link) AS salt, arg_max(digest, link) AS digest
    FROM store.seal
    WHERE kind = getvariable('kind') AND salt IS NOT NULL AND subject IN (SELECT subject FROM subjects)
    GROUP BY subject
)
SELECT
    subject,
    CASE
        WHEN content IS NULL THEN 'missing'
        WHEN digest IS NULL THEN 'unknown'
        WHEN times > 1 THEN 'double'
        ELSE 'altered'
    END AS damage
FROM present FULL JOIN sealed USING (subject)
WHERE times > 1 OR content IS NULL OR digest IS NULL OR digest IS DISTINCT FROM unhex(sha256(lower(hex(salt)) || content))
ORDER BY subject
