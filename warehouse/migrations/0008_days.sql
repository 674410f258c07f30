-- Whether the run was asked only for what was begun on certain days (`since` and `until` are then those days, whole ones of
-- London), and not for what the night reads by itself.
ALTER TABLE store.coverage ADD COLUMN of_days BOOLEAN;
-- Until now nothing said so; but no night begins or ends at midnight to the microsecond.
UPDATE store.coverage SET of_days = coalesce(
    '00:00'::TIME IN ((since AT TIME ZONE 'Europe/London')::TIME, (until AT TIME ZONE 'Europe/London')::TIME), false
);
