"""A real warehouse with a night to report about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.asked_history import a_history_to_ask
from tests.flows.night import Night
from warehouse.snapshot import publish
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


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published history to ask: only to be read."""
    folder = tmp_path_factory.mktemp("asked")
    with open_store(folder) as store:
        a_history_to_ask(Night(store))
        publish(store)
    return folder
