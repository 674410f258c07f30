-- What a check's judging of texts that name a member depended on when they were last judged; a row each time it changes,
-- with no fingerprint once the member has left the roster.
CREATE TABLE store.person (
    check_id VARCHAR,
    member_id VARCHAR,
    fingerprint VARCHAR,
    run_id VARCHAR,
    recorded_at TIMESTAMPTZ
);

-- How near an unflagged version came to a flag, from 0 to 1; only those that came near at all are kept.
CREATE TABLE store.near_miss (revision_id BIGINT, nearness REAL, run_id VARCHAR, recorded_at TIMESTAMPTZ);

-- The random audit: unflagged versions drawn for the Chair to look at. `weight`: of how many the drawn one stands for.
CREATE TABLE store.audit_drawn (
    revision_id BIGINT,
    item_key UBIGINT,
    revision INTEGER,
    stratum VARCHAR,
    weight DOUBLE,
    run_id VARCHAR,
    drawn_at TIMESTAMPTZ
);
-- What the Chair found there: the clauses that should have been flagged, none where it was rightly left alone.
CREATE TABLE store.audit_answered (
    revision_id BIGINT,
    clauses VARCHAR[],
    answered_by VARCHAR,
    answered_at TIMESTAMPTZ
);
