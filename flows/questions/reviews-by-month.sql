-- How many reviews came in each month (London's) on each platform, and what is their mean rating?
SELECT
    strftime(created_at AT TIME ZONE 'Europe/London', '%Y-%m') AS month,
    platform,
    count(*) AS reviews,
    count(rating) AS with_rating,
    round(avg(rating), 2) AS mean_rating
FROM items
WHERE kind = 'review' AND created_at IS NOT NULL
GROUP BY month, platform
ORDER BY month DESC, platform
