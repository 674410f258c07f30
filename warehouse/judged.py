"""What the checks have judged: the versions to judge, the flags found, and how far each version of a check has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import duckdb
import pandas as pd

from warehouse.statements import set_variables, statement
from warehouse.store import Store


class ToJudge:
    """The versions of items that are to be judged now, on a connection of its own."""

    def __init__(self, store: Store, connection: duckdb.DuckDBPyConnection) -> None:
        self._store = store
        self._connection = connection

    def last_revision(self) -> int:
        """The highest revision_id there is; 0 in an empty history."""
        row = self._connection.execute("SELECT coalesce(max(revision_id), 0) FROM store.revision").fetchone()
        return int(row[0]) if row else 0

    def want(self, after: int, up_to: int, item_ids: Sequence[str] | None, scope: str) -> int:
        """Take the versions after `after` up to `up_to` (of the items named, if any), and all others on the same slices
        as `scope` says (row, thread, author, global); gives how many.
        """
        ids = list(item_ids) if item_ids is not None else None
        set_variables(self._connection, after=after, up_to=up_to, item_ids=ids, scope=scope)
        self._connection.execute(statement("wanted"))
        if scope != "row":
            self._connection.execute(statement("widen"))
        row = self._connection.execute("SELECT count(*) FROM wanted").fetchone()
        return int(row[0]) if row else 0

    def rows(self, gates: Sequence[str]) -> pd.DataFrame:
        """The wanted versions with what the checks need to know of them; `gated`: the text matches an RE2 of `gates`."""
        # Each pattern by itself: one alternation of all of them outgrows RE2's memory, and takes fifty times as long.
        names = [f"gate_{number}" for number in range(len(gates))]
        set_variables(self._connection, **dict(zip(names, gates, strict=True)))
        any_gate = " OR ".join(f"regexp_matches(text, getvariable('{name}'), 'i')" for name in names) or "false"
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE gated AS
                SELECT revision_id FROM store.revision SEMI JOIN wanted USING (revision_id) WHERE {any_gate}"""
        )
        return self._connection.execute(statement("to_judge")).df()

    def open_findings(self, check_id: str) -> pd.DataFrame:
        """The flags of a check on the wanted versions that stand: item_id, revision and what the flag says."""
        return self._connection.execute(
            """SELECT flags.* FROM flags
               WHERE check_id = ? AND status <> 'expired'
                   AND flag_id IN (SELECT flag_id FROM store.flag SEMI JOIN wanted USING (revision_id))
               ORDER BY item_id, revision""",
            [check_id],
        ).df()

    def keep(
        self,
        run_id: str,
        check_id: str,
        version: int,
        found: pd.DataFrame,
        judged_up_to: int | None,
        at: datetime,
        *,
        withdraws: bool,
    ) -> tuple[int, int]:
        """Keep what a check found in the wanted versions, and up to which revision it has come (None: leave as it is).

        `found` has the columns of checks.judging.FOUND; with `withdraws`, flags that are not in it no longer stand. Gives
        the numbers of new flags and of flags no longer found.
        """
        with self._store.transaction(self._connection) as connection:
            set_variables(connection, run_id=run_id, check_id=check_id, version=version, judged_at=at.isoformat())
            connection.register("given", found)
            try:
                connection.execute(
                    # The types are said because a frame without rows has none.
                    """CREATE OR REPLACE TEMP TABLE found AS
                       SELECT left(md5(concat_ws(chr(31), item_id, revision, check_id)), 12) AS flag_id,
                           revision_id::BIGINT AS revision_id, * EXCLUDE (revision_id)
                       FROM given"""
                )
            finally:
                connection.unregister("given")
            before = _count(connection, "SELECT count(*) FROM store.flag")
            connection.execute(statement("keep_found"))
            new = _count(connection, "SELECT count(*) FROM store.flag") - before
            gone_before = _count(connection, "SELECT count(*) FROM store.flag_standing WHERE NOT found")
            if withdraws:
                connection.execute(statement("standing"))
            gone = _count(connection, "SELECT count(*) FROM store.flag_standing WHERE NOT found") - gone_before
            if judged_up_to is not None:
                connection.execute(
                    "INSERT INTO store.watermark VALUES (?, ?, ?, ?, ?)", [check_id, version, judged_up_to, run_id, at]
                )
        return new, gone


@contextmanager
def to_judge(store: Store) -> Iterator[ToJudge]:
    """Open the versions to judge."""
    connection = store.connection()
    try:
        yield ToJudge(store, connection)
    finally:
        connection.close()


def watermarks(store: Store) -> dict[tuple[str, int], int]:
    """Up to which revision each version of each check has judged, by (check_id, version)."""
    rows = store.connection().execute("SELECT check_id, version, max(revision_id) FROM store.watermark GROUP BY ALL")
    return {(check_id, version): revision_id for check_id, version, revision_id in rows.fetchall()}


def register_checks(store: Store, run_id: str, checks: pd.DataFrame, at: datetime) -> None:
    """Keep what the checks say of themselves (check_id, version, clause, severity, title), where that is new."""
    with store.transaction() as connection:
        connection.register("given", checks)
        connection.execute(
            """INSERT INTO store.check_version
               SELECT check_id, version, clause, severity, title, $run_id, $at FROM given
               ANTI JOIN store.check_version USING (check_id, version, clause, severity, title)""",
            {"run_id": run_id, "at": at},
        )
        connection.unregister("given")


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
