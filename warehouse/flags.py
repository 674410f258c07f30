"""What the Chair says of flags, and who is who: decisions and handles."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.evidence.chain import KINDS, made_at, seal, seal_one, seal_subjects
from warehouse.statements import set_variables, statement
from warehouse.store import Store, StoreError
from warehouse.terms import terms_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

DECISIONS = ("dismissed", "removal_asked", "escalated", "resolved")
# Takes the decision before it back: the flag stands as if nothing had been decided.
UNDONE = "undone"


def decide(
    store: Store, flag_id: str, decision: str, reason: str, by: str, at: datetime, expires_at: datetime | None
) -> None:
    """Keep a decision about a flag; earlier ones stay in the log.

    `decision` is one of DECISIONS, or UNDONE; only a dismissal may have `expires_at`, after which the flag is open again.
    Raises StoreError for a flag that does not exist, ValueError for another decision.
    """
    with store.transaction() as connection:
        try:
            keep_decision(connection, flag_id, decision, reason, by, at, expires_at)
        except LookupError:
            raise StoreError(f"There is no flag {flag_id!r}. `acto flags` lists them.") from None


def require_flag(connection: duckdb.DuckDBPyConnection, flag_id: str) -> None:
    """Raises LookupError for a flag that does not exist."""
    if not connection.execute("SELECT 1 FROM store.flag WHERE flag_id = ?", [flag_id]).fetchone():
        raise LookupError(flag_id)


def keep_decision(
    connection: duckdb.DuckDBPyConnection,
    flag_id: str,
    decision: str,
    reason: str,
    by: str,
    at: datetime,
    expires_at: datetime | None,
) -> None:
    """`decide` inside the caller's transaction. Raises LookupError for a flag that does not exist."""
    if decision not in (*DECISIONS, UNDONE):
        raise ValueError(decision)
    require_flag(connection, flag_id)
    connection.execute(
        "INSERT INTO store.decision VALUES (?, ?, ?, ?, ?, ?)", [flag_id, decision, reason, by, at, expires_at]
    )
    seal_one(connection, "decided", "decision", made_at(flag_id, at), at)


def reopen_lapsed(store: Store, now: datetime) -> None:
    """Write into the log of decisions that the time of a dismissal is over, once for each. `now` is aware."""
    with store.transaction() as connection:
        set_variables(connection, now=now.isoformat())
        connection.execute(f"CREATE OR REPLACE TEMP TABLE decided_before AS {KINDS['decision']}")
        connection.execute(statement("reopen"))
        seal_subjects(connection, decision=f"{KINDS['decision']} EXCEPT FROM decided_before")
        if connection.execute("SELECT 1 FROM subjects LIMIT 1").fetchone():
            seal(connection, "decided", "", now, ["decision"])


def replace_handles(store: Store, handles: pd.DataFrame) -> None:
    """Keep who is a member or ACTO itself, by handle; writes only where that has changed.

    `handles` has the columns platform, handle, role (member or official), member_id, and consented: whether the member
    has agreed to be recognised on that platform, which some platforms' terms ask for.
    """
    imports_only = [
        role == "member" and not consented and terms_of(platform).match_by_consent
        for platform, role, consented in zip(handles.platform, handles.role, handles.consented, strict=True)
    ]
    with store.transaction() as connection:
        connection.register("given", handles.drop(columns="consented").assign(imports_only=imports_only))
        difference = connection.execute(
            """WITH given AS (SELECT platform, handle, role, member_id, imports_only FROM given)
               SELECT count(*) FROM ((FROM given EXCEPT FROM store.handle) UNION ALL (FROM store.handle EXCEPT FROM given))"""
        ).fetchone()
        if difference != (0,):
            connection.execute("DELETE FROM store.handle")
            connection.execute(
                "INSERT INTO store.handle SELECT platform, handle, role, member_id, imports_only FROM given"
            )
        connection.unregister("given")
