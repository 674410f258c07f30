-- What was erased on somebody's request, when and by whom? The receipts do not say whom it was about.
SELECT recorded_at AS erased_at, asked_for, platforms, items, versions, flags, decisions, clauses, said_by
FROM store.erasure
ORDER BY erased_at DESC
