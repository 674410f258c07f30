"""Reading the published history, with what the Chair has said since it was published laid over it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from flows.review.problems import Problem
from warehouse.desk import Entry, waiting
from warehouse.query import NO_SUCH_NAME, QueryError, open_reader

Row = dict[str, Any]
SECONDS_OPEN = 60
QUERIES = Path(__file__).parent / "queries"
SHARED = QUERIES.parents[1] / "queries"
_ENTRIES = (
    "STRUCT(id VARCHAR, kind VARCHAR, said_by VARCHAR, said_at TIMESTAMPTZ, flag_id VARCHAR, item_id VARCHAR, decision VARCHAR, "
    "text VARCHAR, clauses VARCHAR[], expires_at TIMESTAMPTZ, revision INTEGER)[]"
)


class Reading:
    """One look at the history, for one request: everything that it answers belongs together."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, known: dict[str, list[Row]]) -> None:
        self._connection, self._known = connection, known

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """The answer to queries/`query`.sql, whose $names are `parameters`."""
        result = self._connection.execute(_sql(query), parameters)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def published(self, query: str, **parameters: Any) -> list[Row]:
        """The same of a query over what was published alone, whatever was said since and whatever the time: looked up once for
        each history that is published. The rows are everybody's: leave them as they are.
        """
        asked = f"{query} {sorted(parameters.items())}"
        if asked not in self._known:
            self._known[asked] = self.rows(query, **parameters)
        return self._known[asked]

    def row(self, query: str, **parameters: Any) -> Row | None:
        """The first row of the answer, if there is any."""
        return next(iter(self.rows(query, **parameters)), None)


class History:
    """The history under `home`, with what was said since. It stays open while it is asked, and is opened anew as soon as
    another one is published. What is laid over it is looked up again when something was said, or a minute has passed:
    dismissals end by themselves.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._file: object = None
        self._known: dict[str, list[Row]] = {}
        self._laid_over: object = None
        self._closing = threading.Timer(0, self.close)

    @contextmanager
    def open(self) -> Iterator[Reading]:
        """Look at the history, one request at a time. Raises Problem where there is none, or none that this version reads."""
        with self._lock:
            self._closing.cancel()
            try:
                yield Reading(self._current(), self._known)
            finally:
                # What is kept open keeps its bytes on the disk, also those that were to be erased.
                self._closing = threading.Timer(SECONDS_OPEN, self.close)
                self._closing.daemon = True
                self._closing.start()

    def is_current(self) -> bool:
        """Whether the published history has the tables and columns that this version reads."""
        try:
            with self.open():
                return True
        except Problem:
            return False

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._close()

    def _current(self) -> duckdb.DuckDBPyConnection:
        # First what waits, then the history: what is stored in between stands in both, not in neither.
        entries = waiting(self.home)
        path = self.home / "history.duckdb"
        standing = path.stat() if path.exists() else None
        file = standing and (standing.st_ino, standing.st_mtime_ns)
        said = (entries, time.time() // SECONDS_OPEN)
        if self._connection is None or file != self._file:
            self._close()
            self._connection, self._file, self._laid_over = _open(path, entries), file, said
        elif said != self._laid_over:
            _lay_over(self._connection, entries)
            self._laid_over = said
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection, self._known = None, {}


def _open(path: Path, entries: list[Entry]) -> duckdb.DuckDBPyConnection:
    try:
        connection = open_reader(path)
    except QueryError:
        raise Problem(
            503, "There is no history to show yet", "Ask whoever runs the monitor to start a scan: acto scan"
        ) from None
    try:
        connection.execute(_sql("published"))
        _lay_over(connection, entries)
    except NO_SUCH_NAME:
        connection.close()
        raise Problem(
            503,
            "The history is older than this page",
            "The next scan brings it up to date. Ask whoever runs the monitor to start one: acto scan",
        ) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _lay_over(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
    names = ("flag_id", "item_id", "decision", "text", "clauses", "expires_at", "revision")
    given = [
        {"id": one.id, "kind": one.kind, "said_by": one.by, "said_at": one.at}
        | {name: one.content.get(name) for name in names}
        for one in entries
    ]
    connection.execute(_sql("overlay_entries").replace("ENTRIES", _ENTRIES), {"entries": given})
    connection.execute(_sql("overlay"))


@cache
def _sql(name: str) -> str:
    """The page's own query of that name, or the one that it shares with the terminal."""
    own = QUERIES / f"{name}.sql"
    return (own if own.exists() else SHARED / own.name).read_text(encoding="utf-8")
