-- The random audit, not public: what was drawn among the unflagged, with its text as it was then ('' where retention has
-- emptied it), what the Chair found there (null: not looked at yet), and whether it waits to be looked at. What was flagged
-- later is no miss.
CREATE OR REPLACE VIEW store.audit AS
WITH
answered AS (
    SELECT revision_id, arg_max(clauses, rowid) AS clauses, arg_max(answered_at, rowid) AS answered_at
    FROM store.audit_answered
    GROUP BY revision_id
)
SELECT
    item.item_id,
    drawn.revision,
    revision.text,
    drawn.stratum,
    drawn.weight,
    drawn.run_id,
    drawn.drawn_at,
    answered.clauses AS missed,
    answered.answered_at,
    answered.clauses IS NULL AND revision.text <> '' AS waits
FROM store.audit_drawn AS drawn
JOIN store.item USING (item_key)
JOIN store.revision USING (revision_id)
LEFT JOIN answered USING (revision_id)
WHERE drawn.revision_id NOT IN (SELECT revision_id FROM store.flag);
