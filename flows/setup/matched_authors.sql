-- By platform: how many authors with a handle are stored, and how many of them are among $known ("platform handle").
WITH
author AS (
    SELECT DISTINCT platform, lower(ltrim(author_handle, '@')) AS handle
    FROM items
    WHERE author_handle IS NOT NULL
)
SELECT platform, count(*) AS authors, count(*) FILTER (list_contains($known::VARCHAR[], platform || ' ' || handle)) AS matched
FROM author
GROUP BY platform
ORDER BY platform
