"""Questions in SQL over the published history, on a connection that can do nothing but answer them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
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


class QueryError(Exception):
    """The question cannot be answered; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer: names of columns, and rows of Python values (times aware, in UTC)."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def run_query(
    snapshot: Path, sql: str, *, parameters: Mapping[str, Any] | None = None, seconds: float = 60, memory: str = "512MB"
) -> QueryResult:
    """Answer one SELECT over the snapshot, with the values of its $names, within so many seconds and so much memory.
    Its key is found by its folder's acto.toml and the environment, as for the home that it lies in.

    The connection reads no file but the snapshot, loads no extension, sees no variable of this program and cannot
    change its own settings (DuckDB's "Securing DuckDB").
    Raises QueryError for anything but one reading statement, for SQL that DuckDB refuses, and beyond the limits;
    warehouse.encryption.EncryptionError where no key that is found opens it.
    """
    with _open(snapshot, memory) as connection:
        statement = _one_reading_statement(connection, sql)
        watch = threading.Timer(seconds, connection.interrupt)
        watch.start()
        try:
            cursor = connection.execute(statement, dict(parameters or {}))
            columns = [column[0] for column in cursor.description or []]
            return QueryResult(columns, cursor.fetchall())
        except duckdb.InterruptException:
            raise QueryError(f"The question took longer than {seconds:g} seconds and was stopped.") from None
        except duckdb.OutOfMemoryException:
            raise QueryError(f"The question needs more than {memory} of memory. Ask for less at once.") from None
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
        finally:
            watch.cancel()


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
    where it cannot be opened.
    """
    with _open(snapshot, memory) as connection:
        yield Store(snapshot.parent, connection, Keys(None, None))


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
        "max_temp_directory_size": "0B",
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


def _one_reading_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(str(error)) from None
    if len(statements) != 1 or statements[0].type not in READING:
        raise QueryError("Ask one question that starts with SELECT, WITH, FROM, SHOW, DESCRIBE or EXPLAIN.")
    return statements[0]
