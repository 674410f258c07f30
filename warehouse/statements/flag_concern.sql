-- The flag of a concern that has just been landed: on all of its text, with no doubt about it.
INSERT INTO store.check_version
SELECT getvariable('check_id'), 1, 'O5', 'high', 'A concern raised with the Chair', getvariable('run_id'), getvariable('now')::TIMESTAMPTZ
WHERE getvariable('check_id') NOT IN (SELECT check_id FROM store.check_version);

INSERT INTO store.flag
SELECT
    left(md5(concat_ws(chr(31), item_id, revision, getvariable('check_id'))), 12) AS flag_id,
    item.item_key, revision_id, revision, getvariable('check_id'), 1, getvariable('clause'), getvariable('severity'), 1.0,
    text, 0, length(text), 'Told to ' || getvariable('told_to') || ', who wrote it down on the review page.',
    getvariable('run_id'), getvariable('now')::TIMESTAMPTZ
FROM store.item JOIN store.revision USING (item_key)
WHERE item_id = 'concern:' || getvariable('concern_id')
    AND revision_id NOT IN (SELECT revision_id FROM store.flag WHERE check_id = getvariable('check_id'));
