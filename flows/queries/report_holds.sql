-- How many items are held, and of how many somebody was to have looked at that again by now, in London.
WITH today AS (SELECT ($until::TIMESTAMPTZ AT TIME ZONE 'Europe/London')::DATE AS day)
SELECT
    count(*) AS held,
    count(*) FILTER (review_by < day) AS overdue,
    min(review_by) FILTER (review_by < day) AS since
FROM store.holds, today
