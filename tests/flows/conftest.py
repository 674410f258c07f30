"""A real warehouse with a night to report about, the Chromium of this machine, and an authority that it trusts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from playwright.sync_api import Browser

from tests.flows.asked_history import a_history_to_ask
from tests.flows.browser import chromium_path, opened_chromium
from tests.flows.night import Night
from warehouse.snapshot import publish
from warehouse.store import Store, open_store


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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = chromium_path()
    if not path:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with opened_chromium(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def authority_of_all(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """A certificate authority, and the file with its certificate."""
    trusted, file = trustme.CA(), tmp_path_factory.mktemp("authority") / "authority.pem"
    trusted.cert_pem.write_to_path(str(file))
    return trusted, file


@pytest.fixture
def authority(authority_of_all: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_of_all[1]))
    return authority_of_all[0]
