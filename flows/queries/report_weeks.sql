-- How many flags each clause had in each of the last weeks (Monday to Sunday, in London), the one of the report included; only
-- clauses that had any, and only weeks in which anything was run: none found is not none looked for.
WITH this AS (SELECT date_trunc('week', $until::TIMESTAMPTZ AT TIME ZONE 'Europe/London') AS week),
weeks AS (
    SELECT week - to_weeks(ago::INTEGER) AS week
    FROM this, range($weeks::BIGINT) AS given(ago)
    WHERE week - to_weeks(ago::INTEGER) + INTERVAL 7 DAY
        > (SELECT coalesce(min(started_at), 'epoch') FROM store.run_started) AT TIME ZONE 'Europe/London'
),
found AS (
    SELECT clause, date_trunc('week', flagged_at AT TIME ZONE 'Europe/London') AS week, count(*) AS flags
    FROM store.flag
    WHERE flagged_at >= $until::TIMESTAMPTZ - to_weeks($weeks::INTEGER) - INTERVAL 1 DAY AND flagged_at <= $until::TIMESTAMPTZ
    GROUP BY ALL
)
SELECT clause, list(week::DATE ORDER BY week) AS weeks, list(coalesce(flags, 0) ORDER BY week) AS flags
FROM weeks
CROSS JOIN (SELECT DISTINCT clause FROM found SEMI JOIN weeks USING (week))
LEFT JOIN found USING (clause, week)
GROUP BY clause
ORDER BY clause
