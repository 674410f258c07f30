"""A real warehouse in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.item import Item, Page
from warehouse.landing import Landed, land
from warehouse.raw import pages, read_page
from warehouse.runs import start_run
from warehouse.store import Store

NOW = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
Land = Callable[..., Landed]


@pytest.fixture
def land_items(store: Store) -> Land:
    """Land items as one page of the source `channel`, in a run of its own or in the one named."""

    def landed(*items: Item, run_id: str = "", source: str = "channel", **page: Any) -> Landed:
        return land(store, run_id or start_run(store, "scan", NOW), source, Page(items=items, **page), {"at": 1})

    return landed


def comment(own_id: str = "1", text: str = "Lovely talk", **fields: Any) -> Item:
    """A comment on YouTube with these fields."""
    return Item(platform="youtube", id=own_id, kind="comment", text=text, **fields)


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """The answer to a question to the open warehouse."""
    return store.connection().execute(sql).fetchall()


def raw_text(store: Store) -> str:
    """All raw pages of an open warehouse, deciphered, one after the other."""
    return b"".join(read_page(path, store.keys.raw) for path in sorted(pages(store.home))).decode()
