-- The chain: each link covers the seals made in one transaction and the link before it, so that nothing that came before
-- can be changed without changing every later link. `event`: begun, captured, flagged, decided, answered, reported,
-- changed or removed; `about`: which page, flag, run or reason. `digest` folds the seals, `hash` the link and `previous`.
CREATE TABLE store.link (
    number BIGINT,
    event VARCHAR,
    about VARCHAR,
    seals BIGINT,
    digest VARCHAR,
    previous VARCHAR,
    hash VARCHAR,
    recorded_at TIMESTAMPTZ
);

-- One row for each piece of content (`kind`, `subject`) and for each lawful change of it. `digest` is the SHA-256 of `salt`
-- and the content. A later seal of the same subject replaces an earlier one, whose salt is then emptied: without it nobody
-- can tell from the digest what was removed. A piece that is gone altogether ends with a seal without salt and digest.
-- `marks`: of a raw page four bytes a line, which say where it was altered.
CREATE TABLE store.seal (link BIGINT, kind VARCHAR, subject VARCHAR, change VARCHAR, salt BLOB, digest BLOB, marks BLOB);

-- What a timestamp authority (RFC 3161) has signed: that the chain ended with this hash at that time.
CREATE TABLE store.timestamp (hash VARCHAR, authority VARCHAR, token BLOB, recorded_at TIMESTAMPTZ);
