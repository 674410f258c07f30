-- The handles and names of whoever wrote what is in `doomed`, but for those that another account bears too: where one of
-- those stands, nobody could tell whom it means.
WITH
borne AS (
    SELECT item_key, unnest([author_handle, author_name]) AS name, ltrim(trim(name), '@') AS plain FROM store.item
)
SELECT DISTINCT plain FROM borne SEMI JOIN doomed USING (item_key)
WHERE plain <> '' AND lower(plain) NOT IN (SELECT lower(plain) FROM borne ANTI JOIN doomed USING (item_key) WHERE plain <> '')
