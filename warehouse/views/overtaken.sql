-- When each run was over at the latest, not public: when the first of those after it began (NULL: none has). What a night with
-- a wrong clock says to be of a time to come is as old as that, and must not be kept until then.
CREATE OR REPLACE VIEW store.overtaken AS
SELECT run_id, min(started_at) OVER (ORDER BY rowid ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS overtaken_at
FROM store.run_started;
