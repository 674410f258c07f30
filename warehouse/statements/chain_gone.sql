-- What had a seal and lost it without a later one: neither kept nor recorded as removed.
SELECT DISTINCT kind, subject
FROM store.seal AS earlier
WHERE salt IS NULL
    AND digest IS NOT NULL
    AND NOT EXISTS (
        FROM store.seal AS later
        WHERE later.kind = earlier.kind AND later.subject = earlier.subject AND later.link > earlier.link
    )
ORDER BY kind, subject
