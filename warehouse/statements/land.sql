-- Everything that a page adds, from the tables `staged` and `held`; runs inside the transaction of the page.

-- A version is new where it differs from the one before it: in the page, or in the history. A file may be older than what
-- has been read since: a version that it shares with the history is none.
CREATE OR REPLACE TEMP TABLE versions AS
SELECT
    -- A number is never given twice, also where the last of them were erased: what is new would pass as judged.
    greatest(
        (SELECT coalesce(max(revision_id), 0) FROM store.revision),
        (SELECT coalesce(max(up_to), 0) FROM store.judged)
    ) + row_number() OVER (ORDER BY line) AS revision_id,
    coalesce(held_revision, 0) + row_number() OVER (PARTITION BY item_key ORDER BY line) AS revision,
    line
FROM (
    SELECT
        line,
        item_key,
        staged.content_hash,
        held.revision AS held_revision,
        coalesce(
            lag(staged.content_hash) OVER (PARTITION BY item_key ORDER BY line), held.content_hash
        ) AS hash_before
    FROM staged LEFT JOIN held USING (item_key)
) AS differing
WHERE hash_before IS DISTINCT FROM content_hash
    AND NOT (
        getvariable('imported') AND held_revision > 1
        AND EXISTS (
            FROM store.revision AS earlier
            WHERE earlier.item_key = differing.item_key AND earlier.content_hash = differing.content_hash
        )
    );

INSERT INTO store.item
SELECT
    item_key, platform || ':' || id, getvariable('source'), platform, kind,
    platform || ':' || parent_id, platform || ':' || thread_id,
    author_id, author_name, author_handle, url, created_at, parent_text,
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM versions JOIN staged USING (line)
WHERE revision = 1;

INSERT INTO store.revision
SELECT
    revision_id, item_key, revision, text, rating, edited_at, content_hash,
    getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id'), getvariable('page')
FROM versions JOIN staged USING (line)
ORDER BY revision_id;

INSERT INTO store.media
SELECT item_key, revision, position, part.type, part.url, part.text, NULL
FROM (
    SELECT item_key, revision, unnest(media) AS part, generate_subscripts(media, 1) AS position
    FROM versions JOIN staged USING (line)
    WHERE len(media) > 0
);

-- Seen again after it was missed, or after retention had emptied it. A file shows what was, not what is.
INSERT INTO store.state
SELECT
    item_key, 'present', if(state IN ('unknown', 'expired'), 'It has been read again.', 'It is there again.'),
    getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM (
    SELECT item_key, arg_max(state, rowid) AS state
    FROM store.state
    SEMI JOIN (FROM staged WHERE NOT hidden) AS shown USING (item_key)
    GROUP BY item_key
)
WHERE CASE state
    WHEN 'present' THEN false
    WHEN 'expired' THEN item_key IN (SELECT item_key FROM refilled)
    ELSE NOT getvariable('imported')
END;

INSERT INTO store.also_in
SELECT DISTINCT item_key, getvariable('source'), getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM store.item
SEMI JOIN held USING (item_key)
ANTI JOIN (SELECT item_key FROM store.also_in WHERE source = getvariable('source')) AS known USING (item_key)
WHERE source <> getvariable('source');

INSERT INTO store.sighting
SELECT DISTINCT item_key, getvariable('source'), getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM staged;
