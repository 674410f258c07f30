-- What refill.sql, emptied.sql and land_captions.sql fill, where there is something to fill it with.
CREATE OR REPLACE TEMP TABLE refilled (item_key UBIGINT, revision INTEGER);
CREATE OR REPLACE TEMP TABLE captioned (item_key UBIGINT, revision INTEGER);
CREATE OR REPLACE TEMP TABLE emptied (item_key UBIGINT, id VARCHAR);
