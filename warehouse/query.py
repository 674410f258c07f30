"""Questions in SQL over the published history, on a connection that can do nothing but answer them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import HISTORY, attach
from warehouse.encryption import EncryptionError
from warehouse.key_kinds import READER
from warehouse.key_places import place_of
from warehouse.keys import Keys, reader_keys
from warehouse.store import Store

# extract_statements gives these types for what only reads; PRAGMA, SET, COPY, ATTACH and all writes have others.
READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
# So many rows are held at once of an answer that is written as it comes.
AT_ONCE = 1000
NO_SUCH_NAME = (duckdb.CatalogException, duckdb.BinderException)
# What DuckDB says first where a question fails after some of its rows have gone out.
HALF_WAY = "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\nError: "


class QueryError(Exception):
    """The question cannot be answered; the message says why in a sentence."""


class UnknownNameError(QueryError):
    """It names a table or a column that is not there. A question of our own does so where the history was published by an
    earlier version of the program: the next run publishes it anew.
    """


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer: names of columns, and rows of Python values (a TIMESTAMPTZ aware, in UTC)."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def run_query(
    snapshot: Path, sql: str, *, parameters: Mapping[str, Any] | None = None, seconds: float = 60, memory: str = "512MB"
) -> QueryResult:
    """Answer one SELECT as `open_query` does, with all its rows at once."""
    with open_query(snapshot, sql, parameters=parameters, seconds=seconds, memory=memory) as (columns, rows):
        return QueryResult(columns, list(rows))


@contextmanager
def open_query(
    snapshot: Path, sql: str, *, parameters: Mapping[str, Any] | None = None, seconds: float = 60, memory: str = "512MB"
) -> Iterator[tuple[list[str], Iterator[tuple[Any, ...]]]]:
    """Answer one SELECT over the snapshot, with the values of its $names, within so many seconds and so much memory: names of
    columns, each once (text, text_1), and rows as they come. How long the caller takes over them does not count. Its key is
    found by its folder's acto.toml and the environment, as for the home that it lies in.

    The connection reads no file but the snapshot, writes none, loads no extension, sees no variable of this program and cannot
    change its own settings (DuckDB's "Securing DuckDB").
    Raises QueryError for anything but one reading statement, for SQL that DuckDB refuses (UnknownNameError where it names
    what is not there), and beyond the limits;
    warehouse.encryption.EncryptionError where no key that is found opens it. The rows raise QueryError too: a
    question may fail after many of them.
    """
    with _open(snapshot, memory) as connection:
        statement = _one_reading_statement(connection, sql)
        limits = _Limits(connection, seconds, memory)
        with limits.kept():
            cursor = connection.execute(statement, dict(parameters or {}))
        yield _told_apart([column[0] for column in cursor.description or []]), _rows(cursor, limits)


def attach_published(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Attach a published history, to read it, with the key that its home finds.

    Raises QueryError if it cannot be opened, warehouse.encryption.EncryptionError if it is under another key.
    """
    keys = reader_keys(snapshot.parent)
    try:
        attach(connection, snapshot, keys, read_only=True)
    except EncryptionError:
        raise EncryptionError(
            f"{snapshot} is not under {READER.words} in {place_of(snapshot.parent, READER).name}. Put the right one there, "
            "or run `acto check`, which publishes the history under that one (docs/encryption.md)."
        ) from None
    except duckdb.Error as error:
        raise QueryError(f"{snapshot} cannot be opened: {error}") from None


@contextmanager
def published(snapshot: Path, *, memory: str = "1GB") -> Iterator[Store]:
    """The published history as a store that can only be read, also while a run writes to the live one. Raises QueryError
    where it cannot be opened, and where what is asked of it does not fit into so much memory.
    """
    with _open(snapshot, memory) as connection:
        try:
            yield Store(snapshot.parent, connection, Keys(None, None))
        except duckdb.OutOfMemoryException:
            raise QueryError(_too_large(memory)) from None


def open_reader(snapshot: Path, *, memory: str = "512MB") -> duckdb.DuckDBPyConnection:
    """The snapshot on a connection that can do nothing but read it, for a program's own queries and temporary tables.

    One at a time in a process: DuckDB opens a path once, so that a second connection would share the first one's settings
    and not see a snapshot that has taken the place of the one that is open. Raises QueryError where it cannot be opened.
    """
    # One thread: to share such short queries out among several costs the processors more than it saves.
    return _open(snapshot, memory, threads=1)


def _open(snapshot: Path, memory: str, threads: int = 2) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        # Nowhere: what does not fit into memory would lie readable in the folder of whoever asks. A size of 0B does not stop
        # it (measured with DuckDB 1.5.5).
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(config=settings)
    attach_published(connection, snapshot)
    connection.execute(f"USE {HISTORY}")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


class _Limits:
    """What DuckDB may take for one question: seconds of its own, however long others take over what it gives, and memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float, memory: str) -> None:
        self._connection, self._seconds, self._memory, self._left = connection, seconds, memory, seconds

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let DuckDB work, within what is left. Raises QueryError for whatever it raises, and beyond the limits."""
        start = time.monotonic()
        watch = threading.Timer(self._left, self._connection.interrupt)
        watch.start()
        try:
            yield
        except duckdb.Error as error:
            kind = UnknownNameError if isinstance(error, NO_SUCH_NAME) else QueryError
            raise kind(self._said(error, is_over=time.monotonic() - start >= self._left)) from None
        finally:
            watch.cancel()
            self._left -= time.monotonic() - start

    def _said(self, error: duckdb.Error, *, is_over: bool) -> str:
        text = str(error).removeprefix(HALF_WAY)
        if text.startswith("INTERRUPT Error"):
            # One of DuckDB's threads that fails interrupts the others, and now and then that is what it tells.
            failed = "The question failed half-way. Ask again, or for less at once."
            return f"The question took longer than {self._seconds:g} seconds and was stopped." if is_over else failed
        if text.startswith("Out of Memory Error"):
            return _too_large(self._memory)
        return text


def _too_large(memory: str) -> str:
    return f"The question needs more than {memory} of memory. Ask for less at once."


def _told_apart(names: Sequence[str]) -> list[str]:
    """The names with a number behind each that stood before, as in a table that DuckDB makes of such an answer; never one that
    another column has.
    """
    asked, given = set(names), dict[str, None]()
    for name in names:
        number, own = 0, name
        while own in given or (number and own in asked):
            number += 1
            own = f"{name}_{number}"
        given[own] = None
    return list(given)


def _rows(cursor: duckdb.DuckDBPyConnection, limits: _Limits) -> Iterator[tuple[Any, ...]]:
    while True:
        with limits.kept():
            batch = cursor.fetchmany(AT_ONCE)
        if not batch:
            return
        yield from batch


def _one_reading_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(str(error)) from None
    if len(statements) != 1 or statements[0].type not in READING:
        raise QueryError("Ask one question that starts with SELECT, WITH, FROM, SHOW, DESCRIBE or EXPLAIN.")
    return statements[0]
