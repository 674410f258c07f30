-- Everything that retention has removed: `what` is item, entry (of the quarantine), page or report; `rule` is why.
CREATE TABLE store.removed (what VARCHAR, item_key UBIGINT, rule VARCHAR, run_id VARCHAR, recorded_at TIMESTAMPTZ);

-- Items that somebody has held or released (`held`), in the order of what was said; `review_by` is a day in London.
CREATE TABLE store.hold (
    item_key UBIGINT,
    held BOOLEAN,
    reason VARCHAR,
    review_by DATE,
    said_by VARCHAR,
    recorded_at TIMESTAMPTZ
);

-- Of which items a frozen report holds words or a link.
CREATE TABLE store.quoted (report_id VARCHAR, item_key UBIGINT);
-- A report that was composed without being sent kept no record of its flags: it may quote all that were there.
INSERT INTO store.quoted
SELECT DISTINCT report_id, item_key
FROM store.report
JOIN store.flag ON flagged_at <= composed_at
WHERE report_id NOT IN (SELECT report_id FROM store.reported)
    OR flag_id IN (SELECT flag_id FROM store.reported WHERE reported.report_id = report.report_id);

-- Salted digests of the items and accounts that were erased, so that the next pull does not bring them back; one salt.
CREATE TABLE store.erased_salt (salt VARCHAR);
CREATE TABLE store.erased (digest VARCHAR, recorded_at TIMESTAMPTZ);

-- The receipts: what was erased, in numbers, when and by whom; never whom it was about.
CREATE TABLE store.erasure (
    erasure_id VARCHAR,
    asked_for VARCHAR,
    platforms VARCHAR[],
    items BIGINT,
    versions BIGINT,
    flags BIGINT,
    decisions BIGINT,
    clauses VARCHAR[],
    said_by VARCHAR,
    recorded_at TIMESTAMPTZ
);
