-- What others wrote in answer to what is in `doomed`: by its id, or by words that are in `doomed_texts` and were written there.
-- What it answered itself others answer too, and theirs stays.
CREATE OR REPLACE TEMP TABLE doomed_answers AS
SELECT item_key FROM store.item ANTI JOIN doomed USING (item_key)
WHERE parent_id IN (SELECT item_id FROM doomed)
    OR parent_text IN (
        SELECT text FROM doomed_texts WHERE text IN (SELECT text FROM store.revision SEMI JOIN doomed USING (item_key))
    )
