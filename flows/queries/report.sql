-- The frozen text of each run's report, the latest first.
SELECT run_id, html, plain FROM store.report ORDER BY rowid DESC
