-- One row each time that a pass has read a thread whole: what a deletion inside it may be told from, and when to read it
-- again. `counted` is the platform's own counter of the thread, where it has one.
CREATE TABLE store.thread_read (source VARCHAR, thread_id VARCHAR, counted BIGINT, run_id VARCHAR, recorded_at TIMESTAMPTZ);

-- Rewritten on each scan. `imports_only`: the platform's terms let this handle be matched in imports alone.
DROP TABLE store.handle;
CREATE TABLE store.handle (platform VARCHAR, handle VARCHAR, role VARCHAR, member_id VARCHAR, imports_only BOOLEAN);
