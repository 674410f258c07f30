-- Every run of the program that wrote to the history.
CREATE OR REPLACE VIEW runs AS
WITH
counted AS (
    SELECT run_id, sum(items_new)::BIGINT AS items_new, sum(items_edited)::BIGINT AS items_edited,
        sum(items_gone)::BIGINT AS items_gone
    FROM store.coverage
    GROUP BY run_id
),
flagged AS (SELECT run_id, count(*) AS flags_new FROM store.flag GROUP BY run_id)
SELECT
    run_started.run_id,
    run_started.kind,
    run_started.started_at,
    run_ended.ended_at,
    run_ended.outcome,
    coalesce(counted.items_new, 0) AS items_new,
    coalesce(counted.items_edited, 0) AS items_edited,
    coalesce(counted.items_gone, 0) AS items_gone,
    coalesce(flagged.flags_new, 0) AS flags_new
FROM store.run_started
LEFT JOIN store.run_ended USING (run_id)
LEFT JOIN counted USING (run_id)
LEFT JOIN flagged USING (run_id);
