"""Fixtures for all tests: the material beside the checkout, a home of its own, one Prefect server, the command `acto`."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from threading import Timer
from urllib.error import URLError
from urllib.request import urlopen

import duckdb
import pytest

from tests.sampling import SHARE, left_for_other_days, sampled
from tests.warm import WarmProcess
from warehouse.database import attach
from warehouse.store import Store, open_store

SHARED = Path(__file__).resolve().parents[2] / "shared"
Acto = Callable[..., subprocess.CompletedProcess[str]]


def pytest_report_header(config: pytest.Config) -> str:
    """Whoever reads "passed" must know of what."""
    return f"slow tests: {f'one in {SHARE}, each day others; all with ACTO_SLOW=1' if sampled(config.args) else 'all'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave some of the slow tests for other days."""
    left = left_for_other_days(items) if sampled(config.args) else []
    config.hook.pytest_deselected(items=left)
    items[:] = [test for test in items if test not in set(left)]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpora and labelled examples that lie beside the checkout; tests that need them skip where they are not."""
    if not SHARED.is_dir():
        pytest.skip("the corpora are not here: they lie in a folder `shared` beside the checkout")
    return SHARED


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty $ACTO_HOME."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def empty_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a history that holds nothing, only to be copied: to make one takes five times as long as to open it."""
    folder = tmp_path_factory.mktemp("empty")
    with open_store(folder):
        pass
    return folder


@pytest.fixture
def store(home: Path, empty_history: Path) -> Iterator[Store]:
    """A real warehouse under `home`, open and empty."""
    shutil.copytree(empty_history, home, dirs_exist_ok=True)
    with open_store(home) as opened:
        yield opened


def opened(file: Path, key: str | None) -> duckdb.DuckDBPyConnection:
    """A file of the history as any DuckDB client opens it, to read: with its key and no extension of DuckDB."""
    connection = duckdb.connect()
    attach(connection, file, [key], read_only=True)
    connection.execute("USE history")
    return connection


@pytest.fixture(scope="session")
def prefect_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `prefect_server` keeps its records."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def prefect_server(prefect_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API address of a real Prefect server, started once: an embedded one would cost 20 seconds a scan."""
    # To make its records takes a server ten seconds: what the first of the processes that share the tests made does for all.
    empty = tmp_path_factory.getbasetemp()
    empty = (empty.parent if "PYTEST_XDIST_WORKER" in os.environ else empty) / "empty-prefect.db"
    records = prefect_folder / "prefect.db"
    if empty.exists():
        shutil.copy(empty, records)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PREFECT_HOME": str(prefect_folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
    }
    log = (prefect_folder / "server.log").open("wb")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/health", server)
            if not empty.exists():
                half = prefect_folder / "empty.db"
                with closing(connect(records)) as made, closing(connect(half)) as copy:
                    made.backup(copy)
                half.replace(empty)
            yield f"http://127.0.0.1:{port}/api"
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, "Prefect's server ended instead of starting"
        try:
            with urlopen(address, timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("Prefect's server did not answer within 180 seconds")


def acto_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user who has set up nothing but `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ACTO_", "PREFECT_"))}
    return kept | {"ACTO_HOME": str(home), "COLUMNS": "200"} | more


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProcess]:
    """A process that has imported what `acto` needs, for the tests of which imports are no part."""
    folder = tmp_path_factory.mktemp("warm")
    process = WarmProcess(acto_environment(folder))
    yield process
    process.close()


@pytest.fixture
def acto(home: Path, tmp_path: Path, warm: WarmProcess) -> Acto:
    """Run the command `acto` as a user would, in a folder that is not the checkout; gives exit code and output.

    Its process comes from a warm one, which saves the seconds that its imports take.
    """

    def run(*arguments: str, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
        output, errors = tmp_path / "acto.out", tmp_path / "acto.err"
        child = warm.start(arguments, acto_environment(home, **environment), tmp_path, output, errors)
        too_long = Timer(timeout, os.killpg, (child, signal.SIGKILL))
        too_long.start()
        code = warm.wait()
        too_long.cancel()
        assert code != -signal.SIGKILL, f"acto {arguments} took longer than {timeout} seconds"
        return subprocess.CompletedProcess(["acto", *arguments], code, output.read_text(), errors.read_text())

    return run


@pytest.fixture
def acto_afresh(home: Path, tmp_path: Path) -> Acto:
    """The same as a process of its own, from its first instruction."""

    def run(*arguments: str, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / "acto"), *arguments],
            env=acto_environment(home, **environment),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
