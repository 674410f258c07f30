-- Every version of every item's content.
CREATE OR REPLACE VIEW revisions AS
SELECT item.item_id, revision.revision, revision.text, revision.rating, revision.seen_at, revision.run_id, revision.content_hash
FROM store.revision JOIN store.item USING (item_key);
