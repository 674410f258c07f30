"""Landing: a page becomes items, revisions, sightings and quarantine in one transaction with the source's new position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import orjson

from connectors.item import Page
from warehouse.database import MEMORY
from warehouse.erased import read_erased
from warehouse.evidence.landed import name_filled_in, seal_filled_in, seal_landed
from warehouse.evidence.raw_page import seal_page
from warehouse.raw import remove_pages, without, write_page
from warehouse.spool import Spooled, spool, write_spooled
from warehouse.statements import set_variables, statement
from warehouse.store import Store, StoreError


@dataclass(frozen=True, slots=True)
class Landed:
    """What a page brought: items seen, of them new, new versions of known ones, records sent to quarantine, and known
    items that the platform says are gone. `left_out` are those that were erased once: they are not kept again.
    """

    seen: int
    new: int
    edited: int
    quarantined: int
    gone: int = 0
    left_out: int = 0


def land(store: Store, run_id: str, source: str, page: Page, position: Mapping[str, Any] | None) -> Landed:
    """Write the page to disk and land it; `position` is where the source's pass stands after it (None: keep as it is).

    Landing the same page twice in a run adds nothing but its position: two pages without items may differ in that alone.
    An item that stands twice in a page with different texts gets a version for each, in the page's order.
    Raises StoreError if DuckDB does not read all of the page.
    """
    connection = store.connection()
    page, left_out = read_erased(connection).fit(page)
    connection.close()
    spooled = spool(store.home, run_id, source, page)
    if _has_landed(store, spooled):
        # Its files stay as they were sealed.
        if position is not None:
            keep_position(store, run_id, source, position)
        return Landed(spooled.item_count, 0, 0, spooled.rejected_count, left_out=left_out)
    write_spooled(spooled, store.keys.raw)
    try:
        return _land(store, run_id, source, page, position, spooled, left_out)
    except BaseException:
        with suppress(duckdb.Error):
            if not _has_landed(store, spooled):
                remove_pages(list(spooled.files))
        raise


def _land(
    store: Store,
    run_id: str,
    source: str,
    page: Page,
    position: Mapping[str, Any] | None,
    spooled: Spooled,
    left_out: int,
) -> Landed:
    name = str(spooled.items.relative_to(store.home))
    with _readable(spooled) as (items, rejected), store.transaction() as connection:
        now = store.now()
        if position is not None:
            _write_position(connection, source, run_id, position, now)
        set_variables(connection, source=source, run_id=run_id, seen_at=now.isoformat(), page=name)
        brought, on_disk = Brought(), spooled.files
        if spooled.item_count:
            brought = _land_items(connection, run_id, page, spooled, items)
            on_disk = _strip(connection, brought, spooled, store.keys.raw)
            _land_what_is_rare(connection, page)
        if spooled.rejected_count:
            set_variables(connection, rejected_path=rejected)
            connection.execute(statement("quarantine"))
        gone = _land_gone(connection, page) if page.gone else 0
        if page.threads:
            _land_threads(connection, source, run_id, page, now)
        connection.execute(
            "INSERT INTO store.landed VALUES (?, ?, ?, ?, ?, ?)",
            [name, spooled.sha256, source, run_id, spooled.item_count, now],
        )
        seals = [seal_page(str(path.relative_to(store.home)), lines) for path, lines in on_disk.items()]
        seal_landed(connection, brought.versions, spooled.rejected_count, seals, now)
        if brought.expired or brought.completed or _has_captions(page):
            seal_filled_in(connection, name, now)
    return Landed(
        spooled.item_count, brought.new, brought.versions - brought.new, spooled.rejected_count, gone, left_out
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """What a page brought: new versions, of them new items; whether content of its items was ever removed, and whether it
    shows more of known ones than was known.
    """

    versions: int = 0
    new: int = 0
    expired: bool = False
    completed: bool = False


@contextmanager
def _readable(spooled: Spooled) -> Iterator[tuple[str, str]]:
    """The lines of a page as files in memory, by the names under which DuckDB reads them: on disk they may be encrypted."""
    folder = f"/{uuid4().hex}"
    held = {"items": spooled.item_lines, "rejected": spooled.rejected_lines}
    try:
        for name, lines in held.items():
            MEMORY.pipe_file(f"{folder}/{name}", lines)
        yield f"memory://{folder}/items", f"memory://{folder}/rejected"
    finally:
        MEMORY.rm(folder, recursive=True)


def _has_landed(store: Store, spooled: Spooled) -> bool:
    connection = store.connection()
    found = connection.execute("SELECT 1 FROM store.landed WHERE sha256 = ?", [spooled.sha256]).fetchone()
    connection.close()
    return found is not None


def _land_items(connection: duckdb.DuckDBPyConnection, run_id: str, page: Page, spooled: Spooled, path: str) -> Brought:
    """Stage the items of a page and land them."""
    imported = _is_import(connection, run_id)
    last = connection.execute(statement("last_number")).fetchall()[0][0]
    set_variables(connection, page_path=path, imported=imported, last_revision=last)
    if (staged := _count_made(connection, "stage")) != spooled.item_count:
        raise StoreError(f"{spooled.items} holds {spooled.item_count} items, but DuckDB read {staged}.")
    known = _count_made(connection, "held")
    if imported:
        connection.execute(statement("stage_imported"))
    repeated = len({(item.platform, item.id) for item in page.items}) < len(page.items)
    versions = _count_made(connection, "versions_of_repeated" if repeated else "versions")
    states = _states_so_far(connection)
    completed = known > 0 and _count_made(connection, "completed") > 0
    brought = Brought(versions, expired="expired" in states, completed=completed)
    if states or brought.completed or _has_captions(page) or any(item.hidden for item in page.items):
        connection.execute(statement("nothing_removed"))
    if brought.completed:
        name_filled_in(connection, "completed")
        connection.execute(statement("complete"))
    if brought.expired:
        connection.execute(statement("refilled"))
        name_filled_in(connection, "refilled")
        connection.execute(statement("refill"))
        connection.execute(statement("unjudge"))
    if versions:
        brought = replace(brought, new=_count_made(connection, "land_items"))
        connection.execute(statement("land_revisions"))
        if any(item.media for item in page.items):
            connection.execute(statement("land_media"))
    if states:
        connection.execute(statement("land_states"))
    connection.execute(statement("land_sightings"))
    return brought


def _count_made(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    """The number of rows that a statement puts into its table."""
    return int(connection.execute(statement(name)).fetchall()[0][0])


def _states_so_far(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """All states that items of the page ever had but the first, which needs no row."""
    found = connection.execute("SELECT DISTINCT state FROM store.state SEMI JOIN staged USING (item_key)").fetchall()
    return [state for (state,) in found]


def _is_import(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    kind = connection.execute("SELECT kind FROM store.run_started WHERE run_id = ?", [run_id]).fetchone()
    return kind == ("import",)


def _land_what_is_rare(connection: duckdb.DuckDBPyConnection, page: Page) -> None:
    if any(item.hidden for item in page.items):
        connection.execute(statement("land_hidden"))
    if _has_captions(page):
        connection.execute(statement("captioned"))
        name_filled_in(connection, "captioned")
        connection.execute(statement("land_captions"))


def _has_captions(page: Page) -> bool:
    return any(media.type == "caption" for item in page.items for media in item.media)


def _strip(
    connection: duckdb.DuckDBPyConnection, brought: Brought, spooled: Spooled, key: bytes | None
) -> dict[Path, bytes]:
    """Take out of the page on disk what has been removed and stays so: it must not lie there anew each night. The files
    that are left, with their lines.
    """
    files = spooled.files
    if not brought.expired:
        return files
    connection.execute(statement("emptied"))
    ids = {own_id for (own_id,) in connection.execute("SELECT id FROM emptied").fetchall()}
    if ids and (left := without(spooled.item_lines, ids)):
        write_page(spooled.items, left, key)
        files[spooled.items] = left
    elif ids:
        remove_pages([spooled.items])
        del files[spooled.items]
    return files


def _land_gone(connection: duckdb.DuckDBPyConnection, page: Page) -> int:
    """Mark what the platform says is gone; how many of them were there until now."""
    set_variables(connection, gone=[{"id": one.id, "why": one.why} for one in page.gone])
    connection.execute(statement("gone"))
    row = connection.execute("SELECT count(*) FROM confirmed WHERE state_before IN ('present', 'unknown')").fetchone()
    return int(row[0]) if row else 0


def _land_threads(connection: duckdb.DuckDBPyConnection, source: str, run_id: str, page: Page, now: datetime) -> None:
    connection.execute(
        """INSERT INTO store.thread_read
           SELECT $source, thread.id, thread.counted, $run_id, $now
           FROM (SELECT unnest($threads::STRUCT(id VARCHAR, counted BIGINT)[]) AS thread)""",
        {
            "source": source,
            "run_id": run_id,
            "now": now,
            "threads": [{"id": one.id, "counted": one.counted} for one in page.threads],
        },
    )


def position(store: Store, source: str) -> dict[str, Any] | None:
    """Where the last pass over `source` stands, as kept with its last page; None before the first."""
    row = (
        store.connection()
        .execute("SELECT arg_max(kept, rowid) FROM store.source_position WHERE source = ?", [source])
        .fetchone()
    )
    return orjson.loads(row[0]) if row and row[0] else None


def keep_position(store: Store, run_id: str, source: str, position: Mapping[str, Any]) -> None:
    """Keep where the pass over `source` stands, apart from any page; where it stood before is asked for no more, and goes."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM store.source_position WHERE source = ?", [source])
        _write_position(connection, source, run_id, position, store.now())


def _write_position(
    connection: duckdb.DuckDBPyConnection, source: str, run_id: str, position: Mapping[str, Any], now: datetime
) -> None:
    connection.execute(
        "INSERT INTO store.source_position VALUES (?, ?, ?, ?)",
        [source, orjson.dumps(dict(position)).decode(), run_id, now],
    )
