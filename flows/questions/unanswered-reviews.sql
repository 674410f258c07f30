-- Which reviews has ACTO not answered, the lowest ratings first?
SELECT rating, platform, created_at, text, url, item_id
FROM items AS review
WHERE
    kind = 'review' AND state = 'present'
    AND NOT EXISTS (FROM items AS answer WHERE answer.parent_id = review.item_id AND answer.author_role = 'official')
ORDER BY rating NULLS LAST, created_at DESC, item_id
