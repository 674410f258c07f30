-- The versions of items that are to be judged now: those after `after`, or those of the items named. Neither a picture
-- without words nor what retention has emptied can be judged; what was told to the Chair is flagged already.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT revision_id
FROM store.revision
WHERE revision_id > getvariable('after')
    AND revision_id <= getvariable('up_to')
    AND text <> ''
    AND item_key NOT IN (SELECT item_key FROM store.item WHERE platform = 'concern')
    AND (
        getvariable('item_ids') IS NULL
        OR item_key IN (
            SELECT item_key FROM store.item WHERE item_id IN (SELECT unnest(getvariable('item_ids')::VARCHAR[]))
        )
    )
