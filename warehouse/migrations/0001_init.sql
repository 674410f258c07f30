-- Private tables: append-only, without keys, indexes or defaults (they bloat files, conflict, and have bricked files
-- after a crash). item_key is md5_number_lower(platform || chr(31) || native id); item_id is 'platform:native id'.
-- What never changes about an item: one row, written when it is first seen.
CREATE TABLE store.item (
    item_key UBIGINT,
    item_id VARCHAR,
    source VARCHAR,
    platform VARCHAR,
    kind VARCHAR,
    parent_id VARCHAR,
    thread_id VARCHAR,
    author_id VARCHAR,
    author_name VARCHAR,
    author_handle VARCHAR,
    url VARCHAR,
    created_at TIMESTAMPTZ,
    parent_text VARCHAR,
    first_seen_at TIMESTAMPTZ,
    run_id VARCHAR
);

-- One row per version of an item's content. revision_id grows without gaps over all items: checks use it as watermark.
CREATE TABLE store.revision (
    revision_id BIGINT,
    item_key UBIGINT,
    revision INTEGER,
    text VARCHAR,
    rating DOUBLE,
    edited_at TIMESTAMPTZ,
    content_hash VARCHAR,
    seen_at TIMESTAMPTZ,
    run_id VARCHAR,
    page VARCHAR
);

CREATE TABLE store.media (
    item_key UBIGINT,
    revision INTEGER,
    position INTEGER,
    type VARCHAR,
    url VARCHAR,
    text VARCHAR,
    found JSON
);

-- One row each time that a pass saw an item.
CREATE TABLE store.sighting (item_key UBIGINT, source VARCHAR, seen_at TIMESTAMPTZ, run_id VARCHAR);

-- Sources other than the first that show an item: an import and later a scan, or a source that was renamed.
CREATE TABLE store.also_in (item_key UBIGINT, source VARCHAR, run_id VARCHAR, recorded_at TIMESTAMPTZ);

-- Written only when an item's state changes; an item without a row is present.
CREATE TABLE store.state (item_key UBIGINT, state VARCHAR, reason VARCHAR, run_id VARCHAR, recorded_at TIMESTAMPTZ);

-- Manifest and position, written in the transaction that lands the page.
CREATE TABLE store.landed (page VARCHAR, sha256 VARCHAR, source VARCHAR, run_id VARCHAR, item_count BIGINT, recorded_at TIMESTAMPTZ);
CREATE TABLE store.source_position (source VARCHAR, kept VARCHAR, run_id VARCHAR, recorded_at TIMESTAMPTZ);

CREATE TABLE store.quarantine (
    quarantine_id VARCHAR,
    source VARCHAR,
    run_id VARCHAR,
    seen_at TIMESTAMPTZ,
    reason VARCHAR,
    raw BLOB
);

CREATE TABLE store.run_started (run_id VARCHAR, kind VARCHAR, started_at TIMESTAMPTZ);
CREATE TABLE store.run_ended (run_id VARCHAR, ended_at TIMESTAMPTZ, outcome VARCHAR, note VARCHAR);

CREATE TABLE store.coverage (
    run_id VARCHAR,
    source VARCHAR,
    platform VARCHAR,
    outcome VARCHAR,
    reason VARCHAR,
    since TIMESTAMPTZ,
    until TIMESTAMPTZ,
    items_seen BIGINT,
    items_new BIGINT,
    items_edited BIGINT,
    items_gone BIGINT,
    expected BIGINT,
    requests BIGINT,
    quarantined BIGINT,
    recorded_at TIMESTAMPTZ
);

-- Who is a member or ACTO itself, by handle; rewritten when the roster or the configuration changes.
CREATE TABLE store.handle (platform VARCHAR, handle VARCHAR, role VARCHAR, member_id VARCHAR);

-- The checks as last run, and up to which revision each version of a check has judged.
CREATE TABLE store.check_version (
    check_id VARCHAR,
    version INTEGER,
    clause VARCHAR,
    severity VARCHAR,
    title VARCHAR,
    run_id VARCHAR,
    recorded_at TIMESTAMPTZ
);
CREATE TABLE store.watermark (check_id VARCHAR, version INTEGER, revision_id BIGINT, run_id VARCHAR, recorded_at TIMESTAMPTZ);

CREATE TABLE store.flag (
    flag_id VARCHAR,
    item_key UBIGINT,
    revision_id BIGINT,
    revision INTEGER,
    check_id VARCHAR,
    check_version INTEGER,
    clause VARCHAR,
    severity VARCHAR,
    score DOUBLE,
    evidence VARCHAR,
    start_char INTEGER,
    end_char INTEGER,
    reason VARCHAR,
    run_id VARCHAR,
    flagged_at TIMESTAMPTZ
);
-- Written when a later judgement changes whether the check still finds it; a flag without a row stands.
CREATE TABLE store.flag_standing (flag_id VARCHAR, found BOOLEAN, check_version INTEGER, run_id VARCHAR, recorded_at TIMESTAMPTZ);

CREATE TABLE store.decision (
    flag_id VARCHAR,
    decision VARCHAR,
    reason VARCHAR,
    decided_by VARCHAR,
    decided_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ
);

-- A report is frozen once, with the flags that it told for the first time and one message per recipient.
CREATE TABLE store.report (report_id VARCHAR, run_id VARCHAR, composed_at TIMESTAMPTZ, subject VARCHAR, html VARCHAR, plain VARCHAR);
CREATE TABLE store.reported (report_id VARCHAR, flag_id VARCHAR);
CREATE TABLE store.message (report_id VARCHAR, recipient VARCHAR, message_id VARCHAR, body BLOB);
CREATE TABLE store.delivery (report_id VARCHAR, recipient VARCHAR, state VARCHAR, note VARCHAR, recorded_at TIMESTAMPTZ);
