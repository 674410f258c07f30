-- The versions of items that are to be judged now: those of the ranges (`after`, `up_to`), or those of the items named.
-- Neither a picture without words nor what retention has emptied can be judged; what was told to the Chair is flagged already.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT revision_id
FROM store.revision
JOIN (SELECT unnest(getvariable('after')::BIGINT[]) AS after_id, unnest(getvariable('up_to')::BIGINT[]) AS up_to)
    ON revision_id > after_id AND revision_id <= up_to
-- The ranges again, as what DuckDB skips whole blocks by.
WHERE revision_id > list_min(getvariable('after')::BIGINT[])
    AND revision_id <= list_max(getvariable('up_to')::BIGINT[])
    AND text <> ''
    AND item_key NOT IN (SELECT item_key FROM store.item WHERE platform = 'concern')
    AND (
        getvariable('item_ids') IS NULL
        OR item_key IN (
            SELECT item_key FROM store.item WHERE item_id IN (SELECT unnest(getvariable('item_ids')::VARCHAR[]))
        )
    )
