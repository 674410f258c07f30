-- What was drawn for the random audit and not looked at yet: what was asked for, then the oldest; at most ten.
WITH
drawn AS (
    SELECT audit_now.item_id, audit_now.text, audit_now.drawn_at, platform, kind, url, created_at, parent_id, parent_text
    FROM audit_now JOIN store.item USING (item_id)
    WHERE missed IS NULL AND text <> ''
    ORDER BY audit_now.item_id = $asked DESC, drawn_at, audit_now.item_id
    LIMIT 10
),
parent AS (SELECT item_key, item_id FROM store.item WHERE item_id IN (SELECT parent_id FROM drawn)),
said AS (
    SELECT parent.item_id, arg_max(text, revision) AS text
    FROM store.revision JOIN parent USING (item_key)
    GROUP BY parent.item_id
)
SELECT drawn.*, coalesce(said.text, drawn.parent_text) AS answers
FROM drawn LEFT JOIN said ON said.item_id = drawn.parent_id
ORDER BY drawn.item_id = $asked DESC, drawn_at, drawn.item_id
