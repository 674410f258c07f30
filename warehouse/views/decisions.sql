-- Everything that was decided about flags, in its order.
CREATE OR REPLACE VIEW decisions AS
SELECT flag_id, decision, reason, decided_by, decided_at, expires_at FROM store.decision;
