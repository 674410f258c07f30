-- Every version of the items found, and their flags.
WITH
versions AS MATERIALIZED (
    -- First where they stand, then only those read.
    SELECT item_key, revision, text
    FROM store.revision
    WHERE rowid IN (SELECT rowid FROM store.revision WHERE item_key IN (SELECT unnest($keys::UBIGINT[])))
),
flagged AS MATERIALIZED (
    SELECT item_key, list({'flag_id': flag_id, 'clause': clause, 'status': status} ORDER BY clause) AS flags
    FROM flag_now
    WHERE item_key IN (SELECT unnest($keys::UBIGINT[]))
    GROUP BY item_key
)
SELECT
    item_key, any_value(flags) AS flags,
    list({'revision': revision, 'text': text, 'start_char': strpos(lower(text), lower($words)) - 1} ORDER BY revision) AS versions
FROM versions LEFT JOIN flagged USING (item_key)
GROUP BY item_key
