-- What was said on the page and does not stand in the published history yet. ENTRIES is the type of the list given.
CREATE OR REPLACE TEMP TABLE entry AS
SELECT given.* FROM (SELECT unnest($entries::ENTRIES) AS given)
WHERE given.id NOT IN (SELECT entry_id FROM store.desk_taken)
