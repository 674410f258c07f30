"""The one place that opens the history for writing: lease, DuckDB settings, schema and views.

DuckDB lets one process at a time open a file that is written; the lease (warehouse.lease) says whose turn it is.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import migrations
from warehouse.files import private_folder, put_in_place
from warehouse.lease import Holder, Lease, LeaseError, take_lease
from warehouse.updating import open_up_to_date

LIVE = "live.duckdb"


class StoreError(Exception):
    """The history cannot be opened for writing; the message says why and what to do."""


class Store:
    """The open history. `home` is $ACTO_HOME; hold `lock` around each transaction, since several threads land pages."""

    def __init__(self, home: Path, root: duckdb.DuckDBPyConnection, lease: Lease) -> None:
        self.home = home
        self.lock = threading.RLock()
        self.lease = lease
        self._root = root
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The time by this machine's clock. While the history is open it does not go back, though somebody set the clock:
        else what a pass has just seen would lie before its beginning, and look as if it were gone.
        """
        with self.lock:
            self._latest = max(self._latest, datetime.now(UTC))
            return self._latest

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for the calling thread."""
        with self.lock:
            cursor = self._root.cursor()
            self._cursors.add(cursor)
            return cursor

    @contextmanager
    def transaction(self, connection: duckdb.DuckDBPyConnection | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction that commits at the end of the block, or leaves no trace if the block raises.

        It runs on `connection`, whose temporary tables it sees, or on a cursor of its own.

        A commit can succeed and raise, when the disk fills up during the checkpoint that follows (measured): that counts as
        the success that it is. Whatever else makes DuckDB give up raises; callers must be safe to repeat, and are, since each
        transaction records what it did. In both cases the file is opened anew, and all cursors given out before are closed.
        """
        with self.lock:
            self.lease.beat()
            cursor = connection or self.connection()
            cursor.execute("BEGIN")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except duckdb.FatalException as error:
                self._open_again()
                if "COMMIT succeeded" not in str(error):
                    raise
            except BaseException:
                with suppress(duckdb.TransactionException):
                    cursor.execute("ROLLBACK")
                raise
            finally:
                if cursor is not connection:
                    cursor.close()

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead log into the live file. Raises StoreError where the disk is too full."""
        with self.lock:
            self.lease.beat()
            try:
                self._root.execute("CHECKPOINT")
            except duckdb.FatalException as error:
                self._open_again()
                raise StoreError(f"The history could not be written out: is the disk full? ({error})") from None

    def close(self) -> None:
        """Close the file."""
        self._root.close()

    def _open_again(self) -> None:
        """DuckDB uses no file again on which it gave up, as long as anybody has it open."""
        for cursor in list(self._cursors):
            cursor.close()
        self._root.close()
        self._root = _connect(self.home / "warehouse" / LIVE, self.home / "warehouse")


@contextmanager
def open_store(
    home: Path,
    *,
    what: str = "run",
    job: str = "",
    wait_seconds: float | None = None,
    on_wait: Callable[[Holder], None] | None = None,
) -> Iterator[Store]:
    """Open the history under `home`, making it if it is not there; waits while another process writes.

    `what` and `job` tell others who wait what is done here (warehouse.lease.Holder). `wait_seconds` limits the wait (None:
    as long as it takes), `on_wait` is called with whoever is waited for. Runs that a kill left open are closed as failed.
    Raises StoreError where it cannot be opened: busy for too long, damaged, written by a newer version, no right to.
    """
    folder = home / "warehouse"
    try:
        private_folder(folder)
        with take_lease(folder, what=what, job=job, wait_seconds=wait_seconds, on_wait=on_wait) as lease:
            store = Store(home, _open(folder), lease)
            try:
                _close_runs_left_open(store)
                yield store
            finally:
                store.close()
    except PermissionError as error:
        raise StoreError(f"{error.filename} cannot be written: check who owns {home}.") from None
    except LeaseError as error:
        raise StoreError(str(error)) from None


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
    try:
        return open_up_to_date(live, lambda path: _connect(path, folder))
    except migrations.MigrationError as error:
        raise StoreError(str(error)) from None


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
