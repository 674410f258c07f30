-- What earlier reports told and what is still under way, but posts that this report tells for their new words; "reopened" was
-- dismissed for a time that is over. What runs after this one have raised no report of it can have told.
SELECT
    if(status = 'open' AND decided_at IS NOT NULL, 'reopened', status) AS standing,
    count(DISTINCT item_id) AS items,
    count(DISTINCT item_id) FILTER (severity = 'urgent') AS urgent,
    min(flagged_at) AS oldest
FROM flags
WHERE status IN ('open', 'removal_asked', 'escalated')
    AND item_id NOT IN (SELECT item_id FROM flags WHERE list_contains($new::VARCHAR[], flag_id))
    AND run_id NOT IN (
        SELECT run_id FROM store.run_started
        WHERE rowid > (SELECT min(rowid) FROM store.run_started WHERE run_id = $run_id)
    )
GROUP BY standing
ORDER BY list_position(['open', 'reopened', 'escalated', 'removal_asked'], standing)
