"""The random audit: a few unflagged texts a night for the Chair to look at, so that what is missed has a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.evidence.chain import made_at, seal_one
from warehouse.statements import set_variables, statement
from warehouse.store import Store, StoreError
from warehouse.terms import terms_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def keep_near_misses(store: Store, run_id: str, nearness: pd.DataFrame, at: datetime) -> None:
    """Keep how near unflagged versions came to a flag: revision_id, nearness (0 to 1)."""
    with store.transaction() as connection:
        connection.register("given", nearness)
        connection.execute("INSERT INTO store.near_miss SELECT revision_id, nearness, ?, ? FROM given", [run_id, at])
        connection.unregister("given")


def draw_audit(store: Store, run_id: str, wanted: int, at: datetime) -> int:
    """Draw up to `wanted` of the unflagged versions that came in this run and could be judged; how many were drawn. An
    import's are never among them: a file of years would drown what the audit says of the nights.
    """
    with store.transaction() as connection:
        set_variables(connection, run_id=run_id, wanted=wanted, now=at.isoformat())
        connection.execute(statement("draw_audit"))
        row = connection.execute("SELECT count(*) FROM store.audit_drawn WHERE run_id = ?", [run_id]).fetchone()
    return int(row[0]) if row else 0


def answer_audit(store: Store, item_id: str, clauses: Sequence[str], by: str, at: datetime) -> None:
    """Keep what the Chair found in a drawn item: the clauses that should have been flagged; none where it was left
    alone rightly. It holds for each version of it that was drawn. Raises StoreError for an item that was not drawn, and for
    a conclusion that its platform's terms forbid.
    """
    with store.transaction() as connection:
        try:
            keep_answer(connection, item_id, clauses, by, at)
        except (LookupError, ValueError) as error:
            raise StoreError(str(error.args[0])) from None


def keep_answer(
    connection: duckdb.DuckDBPyConnection, item_id: str, clauses: Sequence[str], by: str, at: datetime
) -> None:
    """`answer_audit` inside the caller's transaction. Raises LookupError for an item that was not drawn, ValueError for a
    conclusion that its platform's terms forbid, each with the sentence for a person.
    """
    drawn = connection.execute(
        """SELECT DISTINCT revision_id, platform FROM store.audit_drawn JOIN store.item USING (item_key)
           WHERE item_id = ?""",
        [item_id],
    ).fetchall()
    if not drawn:
        raise LookupError(f"{item_id!r} was not drawn for the audit. `acto audit` lists what was.")
    if forbidden := forbidden_conclusions(drawn[0][1], clauses):
        raise ValueError(f"The terms of {drawn[0][1]} let nobody keep that conclusion ({', '.join(forbidden)}).")
    for revision_id, _ in drawn:
        connection.execute("INSERT INTO store.audit_answered VALUES (?, ?, ?, ?)", [revision_id, list(clauses), by, at])
        seal_one(connection, "answered", "answer", made_at(revision_id, at), at)


def forbidden_conclusions(platform: str, clauses: Sequence[str]) -> list[str]:
    """Of the clauses those that the platform's terms let nobody conclude."""
    return sorted(set(clauses) & set(terms_of(platform).no_conclusions))
