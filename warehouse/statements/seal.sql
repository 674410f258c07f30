-- Seals what `contents` gives (subject, content) for one kind, and gives the digests. What has no content is gone and gets
-- neither salt nor digest. The salt of each comes from a seed that is drawn for this statement and forgotten after it, so
-- that a salt that was emptied cannot be found from those that are left.
INSERT INTO store.seal
SELECT $link, $kind, subject, $change, if(content IS NULL, NULL, unhex(salt)), unhex(sha256(salt || content)), NULL
FROM (
    SELECT subject, content, left(sha256($seed || chr(31) || subject), 32) AS salt
    FROM contents
)
ORDER BY subject
RETURNING subject, digest
