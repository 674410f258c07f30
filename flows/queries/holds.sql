-- The holds that stand, those first that are to be looked at soonest.
SELECT item_id AS item, reason, review_by, held_by, held_at FROM store.holds ORDER BY review_by, item_id
