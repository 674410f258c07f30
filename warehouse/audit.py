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
    import's are never among them: a file of years would drown what the audit says of the nights. With it is kept what was
    not drawn but counts: see draw_audit.sql.
    """
    if not wanted:
        return 0
    with store.transaction() as connection:
        set_variables(connection, run_id=run_id, wanted=wanted, now=at.isoformat())
        connection.execute(statement("draw_audit"))
        row = connection.execute(
            "SELECT count(revision_id) FROM store.audit_drawn WHERE run_id = ?", [run_id]
        ).fetchone()
    return int(row[0]) if row else 0


def answer_audit(
    store: Store, item_id: str, clauses: Sequence[str], by: str, at: datetime, revision: int | None = None
) -> None:
    """Keep what the Chair found in a drawn item: the clauses that should have been flagged; none where it was left
    alone rightly. It holds for one version of it: `revision`, or else the newest that waits, and where none waits the newest
    that was answered. Raises StoreError for an item of which there is none, and for a conclusion that its platform's terms
    forbid.
    """
    with store.transaction() as connection:
        try:
            keep_answer(connection, item_id, clauses, by, at, revision)
        except (LookupError, ValueError) as error:
            raise StoreError(str(error.args[0])) from None


def keep_answer(
    connection: duckdb.DuckDBPyConnection,
    item_id: str,
    clauses: Sequence[str],
    by: str,
    at: datetime,
    revision: int | None = None,
) -> None:
    """`answer_audit` inside the caller's transaction, for the drawn version `revision` where that is given. Raises LookupError
    for an item of which there is none to answer, ValueError for a conclusion that its platform's terms forbid, each with the
    sentence for a person.
    """
    drawn = connection.execute(
        """SELECT revision_id, platform
           FROM store.audit_drawn AS drawn JOIN store.item USING (item_key) LEFT JOIN store.audit USING (item_id, revision)
           WHERE item_id = $item_id
               AND if($revision::HUGEINT IS NULL, audit.waits OR audit.missed IS NOT NULL, drawn.revision = $revision)
           ORDER BY audit.waits DESC, drawn.revision DESC
           LIMIT 1""",
        {"item_id": item_id, "revision": revision},
    ).fetchone()
    if drawn is None:
        what = repr(item_id) if revision is None else f"Version {revision} of {item_id!r}"
        raise LookupError(f"{what} was not drawn for the audit, or waits no longer. `acto audit` lists what waits.")
    revision_id, platform = drawn
    if forbidden := forbidden_conclusions(platform, clauses):
        raise ValueError(f"The terms of {platform} let nobody keep that conclusion ({', '.join(forbidden)}).")
    connection.execute("INSERT INTO store.audit_answered VALUES (?, ?, ?, ?)", [revision_id, list(clauses), by, at])
    seal_one(connection, "answered", "answer", made_at(revision_id, at), at)


def forbidden_conclusions(platform: str, clauses: Sequence[str]) -> list[str]:
    """Of the clauses those that the platform's terms let nobody conclude."""
    return sorted(set(clauses) & set(terms_of(platform).no_conclusions))
