-- What the random audit says of what is missed. Of each stratum (near to a flag, and far from one) the share of misses is
-- estimated from what was looked at, with Wilson's 95 % interval; a stratum of which nothing was looked at has no estimate,
-- and then neither has the whole. What was found are the upheld flags on texts that came in the same nights.
-- audit_now and flag_now are store.audit and flags, or, on the page, both with what was said a moment ago laid over them.
WITH
strata AS (
    SELECT stratum, sum(weight) AS size, count(*) FILTER (missed IS NOT NULL) AS looked_at,
        count(*) FILTER (len(missed) > 0) AS missed
    FROM audit_now
    GROUP BY stratum
),
shares AS (
    SELECT *, missed / nullif(looked_at, 0) AS share, 1.96 ** 2 / nullif(looked_at, 0) AS z FROM strata
),
bounds AS (
    SELECT *,
        (share + z / 2) / (1 + z) AS middle,
        1.96 / (1 + z) * sqrt(share * (1 - share) / looked_at + z / (4 * looked_at)) AS half
    FROM shares
),
whole AS (
    SELECT sum(looked_at) AS looked_at, sum(missed) AS found_missed, bool_and(looked_at > 0) AS known,
        sum(size * share) AS estimate, sum(size * greatest(middle - half, 0)) AS least, sum(size * (middle + half)) AS most
    FROM bounds
),
right_ones AS (
    SELECT count(DISTINCT flag.item_key) AS flagged
    FROM store.flag
    JOIN flag_now USING (flag_id)
    JOIN store.revision ON revision.revision_id = flag.revision_id
    WHERE flag_now.status IN ('removal_asked', 'escalated', 'resolved')
        AND revision.run_id IN (SELECT run_id FROM store.audit_drawn)
)
SELECT
    coalesce(looked_at, 0)::BIGINT AS looked_at,
    coalesce(found_missed, 0)::BIGINT AS found_missed,
    flagged,
    CASE WHEN known THEN estimate END AS missed_estimate,
    CASE WHEN known THEN flagged / nullif(flagged + estimate, 0) END AS recall,
    CASE WHEN known THEN flagged / nullif(flagged + most, 0) END AS recall_low,
    CASE WHEN known THEN flagged / nullif(flagged + least, 0) END AS recall_high,
    CASE WHEN known THEN least END AS missed_low,
    CASE WHEN known THEN most END AS missed_high
FROM whole, right_ones
