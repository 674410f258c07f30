-- What refilled.sql, emptied.sql, captioned.sql and the chain fill, where there is something to fill it with.
CREATE OR REPLACE TEMP TABLE refilled (item_key UBIGINT, revision INTEGER);
CREATE OR REPLACE TEMP TABLE captioned (item_key UBIGINT, revision INTEGER);
CREATE OR REPLACE TEMP TABLE emptied (item_key UBIGINT, id VARCHAR);
CREATE OR REPLACE TEMP TABLE filled_in (kind VARCHAR, subject VARCHAR);
