-- The next link of the chain, over the seals that were made for it (folded as in chain_folds.sql).
INSERT INTO store.link
SELECT
    number, event, about, seals, digest, previous,
    sha256(concat_ws(chr(31), number, event, about, seals, digest, previous, epoch_us(recorded_at))), recorded_at
FROM (
    SELECT
        getvariable('link') AS number,
        getvariable('event') AS event,
        getvariable('about') AS about,
        count(*) AS seals,
        sha256(coalesce(string_agg(
            concat_ws(chr(31), kind, subject, change, coalesce(hex(digest), '-')), chr(30) ORDER BY kind, subject, change
        ), '')) AS digest,
        coalesce((SELECT hash FROM store.link WHERE number = getvariable('link') - 1), '') AS previous,
        getvariable('now')::TIMESTAMPTZ AS recorded_at
    FROM store.seal
    WHERE link = getvariable('link')
)
