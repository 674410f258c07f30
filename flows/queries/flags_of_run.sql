-- How many flags each run found, by clause and severity.
SELECT flags.run_id, flags.clause, title, flags.severity, count(*) AS flags
FROM flags JOIN checks USING (check_id)
GROUP BY ALL
ORDER BY list_position(['urgent', 'high', 'normal', 'low'], any_value(flags.severity)), any_value(flags.clause)
