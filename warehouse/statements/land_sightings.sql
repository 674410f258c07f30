-- That the source shows all items of the page, and for which of them it is not the first that does.
INSERT INTO store.also_in
SELECT DISTINCT item_key, getvariable('source'), getvariable('run_id'), getvariable('seen_at')::TIMESTAMPTZ
FROM store.item
SEMI JOIN held USING (item_key)
ANTI JOIN (SELECT item_key FROM store.also_in WHERE source = getvariable('source')) AS known USING (item_key)
WHERE source <> getvariable('source');

INSERT INTO store.sighting
SELECT DISTINCT item_key, getvariable('source'), getvariable('seen_at')::TIMESTAMPTZ, getvariable('run_id')
FROM staged;
