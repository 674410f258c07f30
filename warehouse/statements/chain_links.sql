-- Links that do not follow from the one before, or are not what their hash says, or no longer cover their seals.
WITH
followed AS (
    SELECT *, lag(number) OVER (ORDER BY number) AS number_before, lag(hash) OVER (ORDER BY number) AS hash_before
    FROM store.link
),
folded AS (
    SELECT
        link,
        count(*) AS seals,
        sha256(string_agg(
            concat_ws(chr(31), kind, subject, change, coalesce(hex(digest), '-')), chr(30) ORDER BY kind, subject, change
        )) AS digest
    FROM store.seal
    GROUP BY link
)
SELECT
    number,
    recorded_at,
    CASE
        WHEN number IS NULL THEN 'It has seals, but the link itself is missing.'
        WHEN number <> coalesce(number_before, 0) + 1 THEN 'Links before it are missing, or it stands there twice.'
        WHEN previous IS DISTINCT FROM coalesce(hash_before, '') THEN 'It does not follow from the link before it.'
        WHEN hash IS DISTINCT FROM
            sha256(concat_ws(chr(31), number, event, about, followed.seals, followed.digest, previous, epoch_us(recorded_at)))
            THEN 'It was altered.'
        ELSE 'Its seals were altered, or are not all there.'
    END AS says
FROM followed FULL JOIN folded ON followed.number = folded.link
WHERE number IS NULL
    OR number <> coalesce(number_before, 0) + 1
    OR previous IS DISTINCT FROM coalesce(hash_before, '')
    OR hash IS DISTINCT FROM
        sha256(concat_ws(chr(31), number, event, about, followed.seals, followed.digest, previous, epoch_us(recorded_at)))
    OR followed.seals <> coalesce(folded.seals, 0)
    OR followed.digest <> coalesce(folded.digest, sha256(''))
ORDER BY number
