-- What was edited within an hour of being posted, and what did it say before and after?
-- The time is the platform's where it gives one, otherwise that of the scan that saw the edit, which is later.
WITH edits AS (
    SELECT
        item_id,
        revision,
        lag(text) OVER versions AS said_before,
        text AS says_after,
        seen_at
    FROM revisions
    WINDOW versions AS (PARTITION BY item_id ORDER BY revision)
)
SELECT
    item_id,
    created_at AS posted_at,
    date_diff('minute', created_at, if(edits.revision = items.revision, coalesce(edited_at, seen_at), seen_at)) AS minutes_later,
    said_before,
    says_after,
    url
FROM edits
JOIN items USING (item_id)
WHERE edits.revision > 1 AND said_before <> says_after AND minutes_later BETWEEN 0 AND 60
ORDER BY posted_at DESC, item_id, edits.revision
