-- What each run read of each source, and what it did not.
CREATE OR REPLACE VIEW coverage AS
SELECT
    run_id, source, platform, outcome, reason, since, until, items_seen, items_new, items_edited, items_gone, expected,
    requests, quarantined
FROM store.coverage;
