-- What share of what should be flagged do the checks find, in all and by month of the texts, by the answers of the audit?
SELECT
    coalesce(strftime(month, '%Y-%m'), 'all') AS month,
    round(recall, 2) AS recall,
    round(recall_low, 2) AS at_least,
    round(recall_high, 2) AS at_most,
    looked_at,
    found_missed,
    flagged,
    upheld,
    undecided
FROM store.recall
ORDER BY recall.month NULLS FIRST
