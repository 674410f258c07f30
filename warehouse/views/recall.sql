-- Wilson's 95 % interval of a share that was seen in so many: low and high; of none it is anything from 0 to 1.
CREATE OR REPLACE MACRO store.wilson(share, seen) AS {
    'low': greatest(0, (share + 1.96 ** 2 / (2 * seen) - 1.96 * sqrt(share * (1 - share) / seen + (1.96 / (2 * seen)) ** 2))
        / (1 + 1.96 ** 2 / seen)),
    'high': least(1, (share + 1.96 ** 2 / (2 * seen) + 1.96 * sqrt(share * (1 - share) / seen + (1.96 / (2 * seen)) ** 2))
        / (1 + 1.96 ** 2 / seen))
};

-- What share of what the Chair wants flagged the checks find, by the answers of the random audit: for each month (London's; of the
-- nights in which the texts came) and, with no month, for all. A macro, since the review page asks it of tables in which stands
-- what was said a moment ago: audits is as store.audit, statuses as flags (flag_id, status).
--
-- Missed: of each stratum (near to a flag, and far from one) the share is estimated from what was looked at, each text for as
-- many as it was drawn for, with Wilson's 95 % interval; a stratum of which nothing was looked at, or even drawn, has no
-- estimate, and then neither has the whole. Found: the upheld flags on texts that came in the same nights, and of those not
-- decided yet the share that was upheld of the decided ones, with Wilson's interval: else recall would rise merely because
-- somebody decides. Both intervals are taken at their worst together.
CREATE OR REPLACE MACRO store.recall_of(audits, statuses) AS TABLE
WITH
nights AS (
    SELECT run_id, date_trunc('month', min(drawn_at) AT TIME ZONE 'Europe/London')::DATE AS month
    FROM store.audit_drawn
    GROUP BY run_id
),
unflagged AS (
    SELECT run_id, stratum, weight, missed FROM query_table(audits)
    UNION ALL
    -- Those of which nothing was drawn that night.
    SELECT run_id, stratum, weight, NULL FROM store.audit_drawn WHERE revision_id IS NULL AND stratum IS NOT NULL
),
strata AS (
    SELECT
        month,
        sum(weight) AS size,
        count(missed) AS looked_at,
        count(*) FILTER (len(missed) > 0) AS found_missed,
        coalesce(sum(weight) FILTER (len(missed) > 0), 0) / sum(weight) FILTER (missed IS NOT NULL) AS share,
        -- How many equal ones would tell as much (Kish).
        sum(weight) FILTER (missed IS NOT NULL) ** 2 / sum(weight ** 2) FILTER (missed IS NOT NULL) AS told_by
    FROM unflagged
    JOIN nights USING (run_id)
    GROUP BY GROUPING SETS ((month, stratum), (stratum))
),
missed AS (
    SELECT
        month,
        sum(looked_at)::BIGINT AS looked_at,
        sum(found_missed)::BIGINT AS found_missed,
        bool_and(looked_at > 0) AS known,
        sum(size * share) AS estimate,
        sum(size * wilson.low) AS low,
        sum(size * wilson.high) AS high
    FROM (SELECT *, store.wilson(share, told_by) AS wilson FROM strata)
    GROUP BY month
),
texts AS (
    SELECT month, flag.item_key, bool_or(told.status IN ('removal_asked', 'escalated', 'resolved')) AS upheld,
        bool_or(told.status = 'open') AS open
    FROM store.flag
    JOIN query_table(statuses) AS told USING (flag_id)
    JOIN store.revision ON revision.revision_id = flag.revision_id
    JOIN nights ON nights.run_id = revision.run_id
    -- What a newer check no longer finds, and nobody has upheld, is not flagged.
    WHERE told.status <> 'expired'
    GROUP BY month, flag.item_key
),
counted AS (
    SELECT month, count(*) AS flagged, count(*) FILTER (upheld) AS upheld, count(*) FILTER (NOT upheld AND open) AS undecided
    FROM texts
    GROUP BY GROUPING SETS ((month), ())
),
found AS (
    SELECT
        month,
        upheld + undecided * precision AS estimate,
        upheld + undecided * wilson.low AS low,
        upheld + undecided * wilson.high AS high
    FROM (
        SELECT *, upheld / (flagged - undecided) AS precision, store.wilson(precision, flagged - undecided) AS wilson
        FROM counted
        -- As long as none was upheld, nobody knows what a flag is worth.
        WHERE upheld > 0
    )
)
SELECT
    span.month,
    coalesce(looked_at, 0) AS looked_at,
    coalesce(found_missed, 0) AS found_missed,
    coalesce(counted.flagged, 0) AS flagged,
    coalesce(counted.upheld, 0) AS upheld,
    coalesce(counted.undecided, 0) AS undecided,
    if(known, missed.estimate, NULL) AS missed_estimate,
    if(known, missed.low, NULL) AS missed_low,
    if(known, missed.high, NULL) AS missed_high,
    if(known, found.estimate / (found.estimate + missed.estimate), NULL) AS recall,
    if(known, found.low / (found.low + missed.high), NULL) AS recall_low,
    if(known, found.high / (found.high + missed.low), NULL) AS recall_high
FROM (SELECT DISTINCT month FROM nights UNION ALL SELECT NULL) AS span
LEFT JOIN missed ON missed.month IS NOT DISTINCT FROM span.month
LEFT JOIN counted ON counted.month IS NOT DISTINCT FROM span.month
LEFT JOIN found ON found.month IS NOT DISTINCT FROM span.month
ORDER BY span.month NULLS FIRST;

CREATE OR REPLACE VIEW store.recall AS FROM store.recall_of('store.audit', 'flags');
