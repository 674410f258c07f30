SELECT
    (SELECT count(*) FROM doomed),
    (SELECT count(*) FROM store.revision SEMI JOIN doomed USING (item_key)),
    (SELECT count(*) FROM store.flag SEMI JOIN doomed USING (item_key)),
    (SELECT count(*) FROM store.decision WHERE flag_id IN (SELECT flag_id FROM store.flag SEMI JOIN doomed USING (item_key)))
