-- When the last scan of everything began since then whose report was sent to somebody: not of some sources, nor of some days
-- (who gives days gives whole ones of London: no night's own reading begins or ends at midnight to the microsecond).
SELECT max(started_at)
FROM runs
JOIN reports USING (run_id)
WHERE kind = 'scan' AND outcome IN ('complete', 'partial') AND status = 'sent' AND recipients <> '' AND started_at > $since
    AND run_id NOT IN (
        SELECT run_id FROM coverage
        WHERE outcome = 'skipped'
            OR '00:00'::TIME IN ((since AT TIME ZONE 'Europe/London')::TIME, (until AT TIME ZONE 'Europe/London')::TIME)
    )
