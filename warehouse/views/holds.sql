-- The holds that stand, not public: what nobody may lose, why, and when somebody is to look at that again.
CREATE OR REPLACE VIEW store.holds AS
SELECT item.item_id, said.reason, said.review_by, said.said_by AS held_by, said.recorded_at AS held_at
FROM (
    SELECT item_key, arg_max(hold, rowid) AS said FROM store.hold GROUP BY item_key
)
JOIN store.item USING (item_key)
WHERE said.held;
