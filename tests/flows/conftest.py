"""A real warehouse with a night to report about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.night import Night
from warehouse.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real, empty warehouse."""
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def night(store: Store) -> Night:
    """An empty night."""
    return Night(store)
