-- The text that a flag was found in, and the newest version of it. (By values: as a join each would look at all of history.)
SELECT
    (SELECT text FROM store.revision WHERE revision_id = $revision_id) AS text,
    (SELECT max(revision) FROM store.revision WHERE item_key = $item_key) AS newest_revision
