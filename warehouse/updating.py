"""Bringing a history to the schema of this version of the program, with a copy of it beside until that is proven to be whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse import migrations
from warehouse.files import copy_privately, put_in_place
from warehouse.migrations import MigrationError

Connect = Callable[[Path], duckdb.DuckDBPyConnection]
# What no change of the schema may touch; what a scan writes anew (who is a member) may go.
ESSENTIAL = ("item", "revision", "sighting", "state", "flag", "decision", "run_started", "run_ended", "coverage", "report",
             "reported", "message", "delivery", "quarantine", "landed", "source_position", "link", "seal",
             "timestamp")  # fmt: skip


def open_up_to_date(live: Path, connect: Connect) -> duckdb.DuckDBPyConnection:
    """Open `live` through `connect`, at the newest schema.

    Before the first step the file is copied. The copy goes once the new file answers every public view and holds what the
    copy holds; whenever a kill comes, the next start goes on from there. Raises MigrationError where the file cannot be
    brought up to date, and where what came of it differs from the copy, which stays.
    """
    connection = connect(live)
    try:
        copies = sorted(live.parent.glob(f"{live.stem}.before-*.duckdb"))
        if not copies and (steps := migrations.pending(connection)):
            # Bytes are copied while nobody has the file open: closing any descriptor of it would drop DuckDB's lock.
            connection.execute("CHECKPOINT")
            connection.close()
            copies = [_copy(live, steps[0])]
            connection = connect(live)
        migrations.migrate(connection)
        for copy in copies:
            _compare(connection, copy, connect)
            copy.unlink()
    except duckdb.CatalogException as error:
        connection.close()
        raise MigrationError(f"{live} is no history of this program, or a step of its update failed: {error}") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(live: Path, step: str) -> Path:
    size = live.stat().st_size
    if shutil.disk_usage(live.parent).free < 2 * size:
        raise MigrationError(
            f"The history must be brought up to date, for which {2 * size / 1e6:,.0f} MB must be free on the disk of "
            f"{live.parent}. Nothing was changed."
        )
    copy = live.with_name(f"{live.stem}.before-{step[:4]}.duckdb")
    part = copy.with_suffix(".part")
    copy_privately(live, part)
    put_in_place(part, copy)
    return copy


def _compare(connection: duckdb.DuckDBPyConnection, copy: Path, connect: Connect) -> None:
    before = connect(copy)
    try:
        held = _held(before)
    finally:
        before.close()
    try:
        for view in (*migrations.PUBLIC_VIEWS, *(f"store.{name}" for name in migrations.OWN_VIEWS)):
            connection.execute(f"SELECT count(*) FROM {view}").fetchall()
        differs = [name for name, now in _held(connection).items() if held.get(name, now) != now]
    except duckdb.Error as error:
        raise MigrationError(f"The history as brought up to date cannot be read ({error}). {_way_back(copy)}") from None
    if differs:
        raise MigrationError(
            f"The history as brought up to date lacks something ({', '.join(differs)}). {_way_back(copy)}"
        )


def _held(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, ...]]:
    """How many rows each essential table has, and a digest of all texts."""
    there = {name for (name,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' AND NOT internal"
    ).fetchall()}  # fmt: skip
    held = {
        name: connection.execute(f"SELECT count(*) FROM store.{name}").fetchall()[0]
        for name in ESSENTIAL
        if name in there
    }
    texts = "SELECT bit_xor(md5_number_lower(concat_ws(chr(31), revision_id, text, content_hash))) FROM store.revision"
    return held | {"texts": connection.execute(texts).fetchall()[0]}


def _way_back(copy: Path) -> str:
    return f"It is not used. The history from before lies at {copy}; tell whoever looks after this program."
