-- The scans of some sources or some days alone (of_days: `--since` or `--until` was given), not public: who asks when everything
-- was last looked at leaves them out.
CREATE OR REPLACE VIEW store.scanned_in_part AS
SELECT DISTINCT run_id FROM store.coverage WHERE outcome = 'skipped' OR of_days;
