"""What the checks have judged: the versions to judge, the flags found, and which of them each version of a check has judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import duckdb
import pandas as pd

from warehouse.evidence.chain import KINDS, seal, seal_subjects
from warehouse.gate import gate
from warehouse.ranges import Range, without
from warehouse.statements import set_variables, statement
from warehouse.store import Store


class ToJudge:
    """The versions of items that are to be judged now, on a connection of its own."""

    def __init__(self, store: Store, connection: duckdb.DuckDBPyConnection) -> None:
        self._store = store
        self._connection = connection

    def want(self, ranges: Sequence[Range], item_ids: Sequence[str] | None, scope: str) -> int:
        """Take the versions in `ranges`, which do not overlap (of the items named, if any), and all others on the same slices
        as `scope` says (row, thread, author, global); gives how many.
        """
        ids = list(item_ids) if item_ids is not None else None
        after, up_to = [one for one, _ in ranges], [one for _, one in ranges]
        set_variables(self._connection, after=after, up_to=up_to, item_ids=ids, scope=scope)
        self._connection.execute(statement("wanted"))
        if scope != "row":
            self._connection.execute(statement("widen"))
        row = self._connection.execute("SELECT count(*) FROM wanted").fetchone()
        return int(row[0]) if row else 0

    def rows(self, gates: Sequence[str]) -> pd.DataFrame:
        """The wanted versions with what the checks need to know of them. `to_validate`: the text matches one of the RE2
        `gates`.
        """
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE gated AS
                SELECT revision_id, {gate(self._connection, gates)} AS to_validate
                FROM store.revision SEMI JOIN wanted USING (revision_id)"""
        )
        return self._connection.execute(statement("to_judge")).df()

    def open_findings(self, check_id: str, unsure: Sequence[int] = ()) -> pd.DataFrame:
        """The flags of a check on the wanted versions, but the `unsure` (revision_ids), that stand: item_id, revision and what
        the flag says.
        """
        return self._connection.execute(
            """SELECT flags.* FROM flags
               WHERE check_id = ? AND status <> 'expired'
                   AND flag_id IN (SELECT flag_id FROM store.flag SEMI JOIN wanted USING (revision_id)
                       WHERE revision_id NOT IN (SELECT unnest(?::BIGINT[])))
               ORDER BY item_id, revision""",
            [check_id, list(unsure)],
        ).df()

    def keep(
        self,
        run_id: str,
        found: Mapping[tuple[str, int], pd.DataFrame],
        judged: Sequence[Range],
        at: datetime,
        *,
        unsure: Sequence[int] = (),
        withdraws: bool,
    ) -> tuple[int, int]:
        """Keep what checks found in the wanted versions, and which versions they have judged with that (empty: leave as
        it is): all of it or, where the program is killed, nothing.

        `found` has, by check id and version, frames with the columns of checks.judging.FOUND; with `withdraws`, flags that
        are not in it no longer stand. The versions `unsure` (revision_ids) could not be judged whole: their flags stand, and
        they are kept as tried, with no version of the check. Gives the numbers of new flags and of flags no longer found.
        """
        new, gone = 0, 0
        sound = without(judged, [(one - 1, one) for one in unsure])
        tried = without(judged, sound)
        with self._store.transaction(self._connection) as connection:
            connection.execute("CREATE OR REPLACE TEMP TABLE new_flags (flag_id VARCHAR)")
            connection.execute(f"CREATE OR REPLACE TEMP TABLE decided_before AS {KINDS['decision']}")
            connection.execute("DELETE FROM wanted WHERE revision_id IN (SELECT unnest(?::BIGINT[]))", [list(unsure)])
            for (check_id, version), frame in found.items():
                set_variables(connection, run_id=run_id, check_id=check_id, version=version, judged_at=at.isoformat())
                added, lost = _keep_found(connection, frame, withdraws=withdraws)
                new, gone = new + added, gone + lost
                for whose, ranges in ((version, sound), (None, tried)):
                    for one in ranges:
                        connection.execute(
                            "INSERT INTO store.judged VALUES (?, ?, ?, ?, ?, ?)", [check_id, whose, *one, run_id, at]
                        )
            seal_subjects(
                connection,
                flag="SELECT DISTINCT flag_id FROM new_flags",
                # What was dismissed with what had been dismissed before (keep_found.sql).
                decision=f"{KINDS['decision']} EXCEPT FROM decided_before",
            )
            if _count(connection, "SELECT count(*) FROM subjects"):
                seal(connection, "flagged", run_id, at, ["flag", "decision"])
        return new, gone


def _keep_found(connection: duckdb.DuckDBPyConnection, found: pd.DataFrame, *, withdraws: bool) -> tuple[int, int]:
    """Keep what one check found; the numbers of new flags and of flags no longer found."""
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
    new = _count(connection, "INSERT INTO new_flags SELECT flag_id FROM found ANTI JOIN store.flag USING (flag_id)")
    connection.execute(statement("keep_found"))
    gone_before = _count(connection, "SELECT count(*) FROM store.flag_standing WHERE NOT found")
    if withdraws:
        connection.execute(statement("standing"))
    return new, _count(connection, "SELECT count(*) FROM store.flag_standing WHERE NOT found") - gone_before


@contextmanager
def to_judge(store: Store) -> Iterator[ToJudge]:
    """Open the versions to judge."""
    connection = store.connection()
    try:
        yield ToJudge(store, connection)
    finally:
        connection.close()


def last_revision(store: Store) -> int:
    """The highest revision_id there is; 0 in an empty history."""
    return _count(store.connection(), "SELECT coalesce(max(revision_id), 0) FROM store.revision")


def judged_ranges(store: Store) -> dict[tuple[str, int | None], list[Range]]:
    """Which versions of items each version of each check has judged, by (check_id, version); ranges may overlap. What was
    only tried (`ToJudge.keep`) has None for the version.
    """
    rows = store.connection().execute("SELECT check_id, version, after_id, up_to FROM store.judged").fetchall()
    ranges: dict[tuple[str, int | None], list[Range]] = defaultdict(list)
    for check_id, version, after, up_to in rows:
        ranges[check_id, version].append((after, up_to))
    return dict(ranges)


def judged_before_known(store: Store) -> dict[str, list[Range]]:
    """Which versions of items other checks had judged before a check was first known, by check_id."""
    rows = store.connection().execute(
        """SELECT DISTINCT known.check_id, after_id, up_to
           FROM (SELECT check_id, min(recorded_at) AS known_at FROM store.check_version GROUP BY check_id) AS known
           JOIN store.judged ON judged.recorded_at < known_at"""
    )
    ranges: dict[str, list[Range]] = defaultdict(list)
    for check_id, after, up_to in rows.fetchall():
        ranges[check_id].append((after, up_to))
    return dict(ranges)


def unknown_items(store: Store, item_ids: Sequence[str]) -> list[str]:
    """Which of these ids no item has, in their order."""
    rows = store.connection().execute(
        "SELECT item_id FROM store.item WHERE item_id IN (SELECT unnest(?::VARCHAR[]))", [list(item_ids)]
    )
    known = {item_id for (item_id,) in rows.fetchall()}
    return [item_id for item_id in item_ids if item_id not in known]


def count_versions(store: Store, ranges: Sequence[Range]) -> int:
    """How many versions of items lie in `ranges`, which do not overlap, and have a text to judge."""
    row = (
        store.connection()
        .execute(
            """SELECT count(*) FROM store.revision
               JOIN (SELECT unnest($after::BIGINT[]) AS after_id, unnest($up_to::BIGINT[]) AS up_to)
                   ON revision_id > after_id AND revision_id <= up_to
               WHERE text <> ''""",
            {"after": [after for after, _ in ranges], "up_to": [up_to for _, up_to in ranges]},
        )
        .fetchone()
    )
    return int(row[0]) if row else 0


def speed_of_rechecks(store: Store) -> float | None:
    """How many versions of items a second the runs of kind recheck have judged; None as long as none has for a while."""
    row = (
        store.connection()
        .execute(
            """WITH judged AS (
                   SELECT run_id, sum(up_to - after_id) AS versions
                   FROM (SELECT DISTINCT run_id, after_id, up_to FROM store.judged)
                   GROUP BY run_id
               )
               SELECT sum(versions) / sum(epoch(ended_at) - epoch(started_at))
               FROM judged JOIN store.run_started USING (run_id) JOIN store.run_ended USING (run_id)
               -- Of a run that was killed nobody knows when it ended.
               WHERE kind = 'recheck' AND outcome <> 'failed' AND ended_at > started_at + INTERVAL 5 SECOND"""
        )
        .fetchone()
    )
    return float(row[0]) if row and row[0] else None


def register_checks(store: Store, run_id: str, checks: pd.DataFrame, at: datetime) -> None:
    """Keep what the checks say of themselves (check_id, version, clause, severity, title), where that is new."""
    _register(store, run_id, checks, at, ["check_id", "version", "clause", "severity", "title"])


def register_unloaded(store: Store, run_id: str, checks: pd.DataFrame, at: datetime) -> None:
    """Keep that there are these checks, which cannot be loaded (columns as in `register_checks`), where none of their versions
    is known yet: what comes from now on is then new to them, and not what others had judged before they were added.
    """
    _register(store, run_id, checks, at, ["check_id"])


def _register(store: Store, run_id: str, checks: pd.DataFrame, at: datetime, new_by: Sequence[str]) -> None:
    with store.transaction() as connection:
        connection.register("given", checks)
        connection.execute(
            f"""INSERT INTO store.check_version
                SELECT check_id, version, clause, severity, title, $run_id, $at FROM given
                ANTI JOIN store.check_version USING ({", ".join(new_by)})""",
            {"run_id": run_id, "at": at},
        )
        connection.unregister("given")


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
