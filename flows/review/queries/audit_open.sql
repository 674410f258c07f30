-- What was drawn for the random audit and not looked at yet: what was asked for, then the oldest; at most ten, each item
-- once with the newest of its versions that wait.
WITH
drawn AS MATERIALIZED (
    SELECT item_id, revision, text, drawn_at
    FROM audit_now
    WHERE waits
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY revision DESC) = 1
    ORDER BY item_id = $asked DESC, drawn_at, item_id
    LIMIT 10
),
-- First where each stands, then only those read.
this AS MATERIALIZED (
    SELECT item_id, platform, kind, url, created_at, parent_id, parent_text
    FROM store.item
    WHERE rowid IN (SELECT "row" FROM item_row WHERE own IN (SELECT hash(item_id) FROM drawn))
),
parent AS MATERIALIZED (
    SELECT item_key, item_id
    FROM store.item
    WHERE rowid IN (SELECT "row" FROM item_row WHERE own IN (SELECT hash(parent_id) FROM this))
),
said AS (
    SELECT item_key, arg_max(text, revision) AS text
    FROM store.revision
    WHERE rowid IN (SELECT rowid FROM store.revision WHERE item_key IN (SELECT item_key FROM parent))
    GROUP BY item_key
)
SELECT drawn.*, this.* EXCLUDE (item_id), coalesce(said.text, this.parent_text) AS answers
FROM drawn
JOIN this USING (item_id)
LEFT JOIN parent ON parent.item_id = this.parent_id
LEFT JOIN said ON said.item_key = parent.item_key
ORDER BY drawn.item_id = $asked DESC, drawn_at, drawn.item_id
