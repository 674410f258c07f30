-- How many flags each clause had in each of the last weeks (Monday to Sunday, in London), also in those without any.
WITH
weeks AS (
    SELECT (date_trunc('week', (now() AT TIME ZONE 'Europe/London')) - to_weeks(ago::INTEGER))::DATE AS week
    FROM range($weeks) AS given(ago)
),
found AS (
    SELECT clause, date_trunc('week', flagged_at AT TIME ZONE 'Europe/London')::DATE AS week, count(*) AS flags
    FROM flag_then
    GROUP BY ALL
)
SELECT clause, week, coalesce(flags, 0) AS flags
FROM weeks
CROSS JOIN (SELECT DISTINCT clause FROM check_then)
LEFT JOIN found USING (clause, week)
ORDER BY clause, week
