"""The one place that opens the history for writing: lease, DuckDB settings, schema and views.

DuckDB lets one process at a time open a file that is written. The lease says who that is and lets others wait for
their turn; the kernel takes it back from a process that is killed.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import migrations
from warehouse.files import private_folder, put_in_place

LIVE = "live.duckdb"


class StoreError(Exception):
    """The history cannot be opened for writing; the message says why and what to do."""


class Store:
    """The open history. `home` is $ACTO_HOME; hold `lock` around each transaction, since several threads land pages."""

    def __init__(self, home: Path, root: duckdb.DuckDBPyConnection) -> None:
        self.home = home
        self.lock = threading.RLock()
        self._root = root

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for the calling thread."""
        return self._root.cursor()

    @contextmanager
    def transaction(self, connection: duckdb.DuckDBPyConnection | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction that commits at the end of the block, or leaves no trace if the block raises.

        It runs on `connection`, whose temporary tables it sees, or on a cursor of its own.

        A commit can succeed and raise, when the disk fills up during the checkpoint that follows (measured): callers
        must be safe to repeat, and are, since each transaction records what it did.
        """
        with self.lock:
            cursor = connection or self.connection()
            cursor.execute("BEGIN")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            else:
                cursor.execute("COMMIT")
            finally:
                if cursor is not connection:
                    cursor.close()


@contextmanager
def open_store(
    home: Path, *, wait_seconds: float | None = None, on_wait: Callable[[], None] | None = None
) -> Iterator[Store]:
    """Open the history under `home`, making it if it is not there; waits while another process writes.

    `wait_seconds` limits the wait (None: as long as it takes), `on_wait` is called once when waiting begins. Runs that
    a kill left open are closed as failed.
    Raises StoreError where it cannot be opened: busy for too long, damaged, written by a newer version, no right to.
    """
    folder = home / "warehouse"
    try:
        private_folder(folder)
        with _lease(folder / "lease", wait_seconds, on_wait):
            root = _open(folder)
            try:
                store = Store(home, root)
                _close_runs_left_open(store)
                yield store
            finally:
                root.close()
    except PermissionError as error:
        raise StoreError(f"{error.filename} cannot be written: check who owns {home}.") from None


@contextmanager
def _lease(path: Path, wait_seconds: float | None, on_wait: Callable[[], None] | None) -> Iterator[None]:
    with path.open("w") as held:
        deadline = None if wait_seconds is None else time.monotonic() + wait_seconds
        waiting = False
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if deadline is not None and time.monotonic() >= deadline:
                    raise StoreError("Another run is under way. Try again when it has ended.") from None
            if not waiting and on_wait:
                on_wait()
            waiting = True
            time.sleep(0.2)
        yield


def _open(folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the live file; a new one is made aside and renamed, so that a kill leaves nothing half made."""
    live = folder / LIVE
    if not live.exists():
        fresh = folder / f"{LIVE}.new"
        for leftover in folder.glob(f"{LIVE}.new*"):
            leftover.unlink()
        made = _connect(fresh, folder)
        try:
            migrations.migrate(made)
        finally:
            made.close()
        put_in_place(fresh, live)
    root = _connect(live, folder)
    try:
        migrations.migrate(root)
    except migrations.MigrationError as error:
        root.close()
        raise StoreError(str(error)) from None
    return root


def _connect(path: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "1GB",
        # A checkpoint after every 16 MB, DuckDB's own choice, is a fifth of the time of a long import (measured).
        "checkpoint_threshold": "128MB",
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        connection = duckdb.connect(str(path), config=settings)
    except duckdb.IOException as error:
        words = "is open in another program" if "lock" in str(error) else "cannot be opened"
        raise StoreError(f"{path} {words}: {error}") from None
    path.chmod(0o600)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _close_runs_left_open(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.run_ended
               SELECT run_id, $now, 'failed', 'It stopped before its end; the next run went on from there.'
               FROM store.run_started ANTI JOIN store.run_ended USING (run_id)""",
            {"now": datetime.now(UTC)},
        )
