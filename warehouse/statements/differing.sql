-- Of the `subjects` of one kind, those whose content is no longer what their seal says: with what it is now, or without
-- content where it is gone.
CREATE OR REPLACE TEMP TABLE differing AS
WITH
asked AS (SELECT DISTINCT subject FROM subjects WHERE kind = getvariable('kind')),
present AS (FROM contents),
sealed AS (
    SELECT subject, salt, digest FROM store.seal SEMI JOIN asked USING (subject)
    WHERE kind = getvariable('kind') AND salt IS NOT NULL
)
SELECT subject, content
FROM asked
LEFT JOIN present USING (subject)
LEFT JOIN sealed USING (subject)
WHERE unhex(sha256(lower(hex(salt)) || content)) IS DISTINCT FROM digest
