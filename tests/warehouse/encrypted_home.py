"""What the tests of encryption share: a home with a marker in every text that it keeps, and a look at its bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from connectors.item import Page, Rejected
from tests.warehouse.conftest import comment
from warehouse.landing import land
from warehouse.query import run_query
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

MARKER = "Wolpertinger"
IN_THE_CLEAR = "[encryption]\nat_rest = false\n"


def keep_marked(home: Path, own_id: str = "1") -> None:
    """Land an item and a record that cannot be read, and publish."""
    refused = Rejected(f"{MARKER} has no date.", own_id.encode(), f"bad {own_id}")
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        item = comment(own_id, f"{MARKER} {own_id}", author_name=MARKER)
        land(store, run_id, MARKER, Page(items=[item], rejected=[refused]), {"n": 1})
        publish(store)


def readable(home: Path) -> list[str]:
    """The files under the home in whose bytes the marker stands, by their names."""
    return sorted(path.name for path in home.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes())


def texts(home: Path) -> list[str]:
    """What the published history holds."""
    return [text for (text,) in run_query(home / "history.duckdb", "SELECT text FROM items ORDER BY ALL").rows]
