-- How often were the flags of each check upheld? Of few decisions (precision_n) the share says little.
SELECT clause, check_id, version, severity, flags_total, open, dismissed, round(precision, 2) AS precision, precision_n
FROM checks
ORDER BY precision NULLS LAST, check_id
