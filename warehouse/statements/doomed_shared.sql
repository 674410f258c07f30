-- The handles of what is in `doomed` that another account on the same platform has too.
SELECT DISTINCT platform, author_handle
FROM doomed
SEMI JOIN (
    SELECT platform, lower(ltrim(author_handle, '@')) AS plain FROM store.item ANTI JOIN doomed USING (item_key)
) AS other ON other.platform = doomed.platform AND plain = lower(ltrim(doomed.author_handle, '@'))
