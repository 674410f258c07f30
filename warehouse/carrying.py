"""What is new carried over into a copy of the published history, so that publishing costs what a night brought and not what
the history is: most rows are only ever added, and where older ones change, something new says of which items.

It leaves the bytes of what was removed in the copy, as the live file does until it is written anew (warehouse.rebuild).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from warehouse.database import HISTORY, attach, remove_leftover, sums, tables_of
from warehouse.encryption import EncryptionError
from warehouse.files import copy_privately

COPY, ALL = "copy", "true"
# Changed along with a new version of an item, a new state, a removal or a new seal: retention, what it empties filled in
# again, what was not known of an item, captions.
BY_ITEM = ("item", "revision", "media")
# What older seals lose, a newer seal of the same subject tells (warehouse.evidence.chain).
SEALS = "seal"
# Changed when something is removed, or filled in again.
BY_RETENTION = ("flag", "quarantine", "report", "message", "judged")
# Small, and rows go from them at any time. Of all other tables only an erasure takes rows, or changes them.
REWRITTEN = ("handle", "source_position", "near_miss")


def carry_over(connection: duckdb.DuckDBPyConnection, published: Path, fresh: Path, key: str | None) -> bool:
    """Copy `published`, which is under `key`, to `fresh`, bring that up to date with the attached history, and read back
    what was carried over. False where it cannot be done so: then the whole history is to be copied.
    """
    try:
        remove_leftover(fresh)
        copy_privately(published, fresh)
        attach(connection, fresh, [key], name=COPY)
        try:
            carried = _carry(connection) if _is_earlier(connection) else None
        finally:
            connection.execute(f"DETACH {COPY}")
        if carried is None:
            return False
        attach(connection, fresh, [key], name=COPY, read_only=True)
        try:
            return _held(connection, COPY, carried) == _held(connection, HISTORY, carried)
        finally:
            connection.execute(f"DETACH {COPY}")
    except (duckdb.Error, EncryptionError, OSError):
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        return False


def _is_earlier(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the copy is this history as it was before: of the same shape, and its chain is the beginning of ours."""
    if _shape(connection, COPY) != _shape(connection, HISTORY):
        return False
    links = f"""SELECT count(*) FROM {COPY}.store.link JOIN {HISTORY}.store.link AS ours USING (number, hash)
                WHERE number = (SELECT max(number) FROM {COPY}.store.link)"""
    return connection.execute(links).fetchone() == (1,)


def _shape(connection: duckdb.DuckDBPyConnection, name: str) -> set[tuple[str, ...]]:
    shape = connection.execute(
        """SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE database_name = $name
           UNION ALL
           SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = $name AND NOT internal""",
        {"name": name},
    ).fetchall()
    return {*shape, *connection.execute(f"SELECT version, name, sha256 FROM {name}.store.schema_version").fetchall()}


def _carry(connection: duckdb.DuckDBPyConnection) -> dict[str, str] | None:
    """Bring the copy up to date; gives which rows of which tables were carried over, as a condition that both files know.
    None where the copy holds what the history does not.
    """
    connection.execute("BEGIN")
    try:
        ours, theirs = _counts(connection, HISTORY), _counts(connection, COPY)
        carried = _new_rows(connection, ours, theirs)
        for table, rows in carried.items():
            if rows == ALL:
                _copy_table(connection, table)
                continue
            if table in (*BY_ITEM, SEALS):
                connection.execute(f"DELETE FROM {COPY}.store.{table} WHERE {rows.format(name=COPY)}")
            new = f"FROM {HISTORY}.store.{table} WHERE {rows.format(name=HISTORY)}"
            connection.execute(f"INSERT INTO {COPY}.store.{table} {new}")
        theirs = _counts(connection, COPY)
        for table in (table for table in ours if ours[table] != theirs[table]):
            # Captions that came late to what somebody has altered are told by nothing else.
            if table not in BY_ITEM:
                connection.execute("ROLLBACK")
                return None
            _copy_table(connection, table)
            carried[table] = ALL
    except BaseException:
        with suppress(duckdb.TransactionException):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    connection.execute(f"CHECKPOINT {COPY}")
    return carried


def _new_rows(connection: duckdb.DuckDBPyConnection, ours: dict[str, int], theirs: dict[str, int]) -> dict[str, str]:
    """What is to be carried over: by table, a condition on its rows. Fills the temporary table `touched` (item_key)."""
    links = connection.execute(f"SELECT max(number) FROM {COPY}.store.link").fetchall()[0][0]
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE touched AS
            SELECT item_key FROM {HISTORY}.store.revision
            WHERE revision_id > (SELECT coalesce(max(revision_id), 0) FROM {COPY}.store.revision)
            UNION
            SELECT item_key FROM {HISTORY}.store.state WHERE rowid >= {theirs["state"]}
            UNION
            SELECT item_key FROM {HISTORY}.store.removed WHERE what = 'item' AND rowid >= {theirs["removed"]}
            UNION
            SELECT item_key FROM {HISTORY}.store.revision
            WHERE revision_id IN (
                SELECT try_cast(subject AS BIGINT) FROM {HISTORY}.store.seal
                WHERE kind = 'version' AND link > {links} AND change <> 'captured'
            )"""
    )
    new = {table: f"rowid >= {theirs[table]}" for table in ours if ours[table] != theirs[table]}
    if connection.execute("SELECT 1 FROM touched LIMIT 1").fetchone():
        new |= {table: _by_place(table, "item_key IN (FROM touched)") for table in BY_ITEM}
    if ours["state"] > theirs["state"] or ours["removed"] > theirs["removed"]:
        new |= dict.fromkeys(BY_RETENTION, ALL)
    if SEALS in new:
        changed = f"SELECT kind, subject FROM {HISTORY}.store.seal WHERE link > {links} AND change <> 'captured'"
        again = f" OR (kind, subject) IN ({changed})" if connection.execute(f"{changed} LIMIT 1").fetchone() else ""
        new[SEALS] = _by_place(SEALS, f"link > {links}{again}")
    return new | {table: ALL for table in REWRITTEN if ours[table] or theirs[table]}


def _by_place(table: str, rows: str) -> str:
    """The same rows by their places in the table, by which DuckDB reads only the blocks that they lie in."""
    return f"rowid IN (SELECT rowid FROM {{name}}.store.{table} WHERE {rows})"


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {COPY}.store.{table} AS FROM {HISTORY}.store.{table}")


def _counts(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    """The number of rows of each private table."""
    each = (f"SELECT '{table}', count(*) FROM {name}.{table}" for table in tables_of(connection, name))
    counted = connection.execute(" UNION ALL ".join(each)).fetchall()
    return {table.removeprefix("store."): count for table, count in counted}


def _held(connection: duckdb.DuckDBPyConnection, name: str, carried: Mapping[str, str]) -> tuple[object, object]:
    rows = {f"store.{table}": condition for table, condition in carried.items()}
    return sums(connection, name, rows), _counts(connection, name)
