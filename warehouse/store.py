"""The one place that opens the history for writing: lease, DuckDB settings, schema and views.

DuckDB lets one process at a time open a file that is written; the lease (warehouse.lease) says whose turn it is.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import migrations
from warehouse.database import HISTORY, StoreError, attach, connect_for_writing, is_damage
from warehouse.evidence.raw import begin_chain, put_right
from warehouse.files import private_folder, put_in_place
from warehouse.keys import Keys, forget_earlier, keys_for_writing, newest_reader_key
from warehouse.lease import Holder, Lease, LeaseError, take_lease
from warehouse.rebuild import rebuild_if_wanted
from warehouse.rekeying import rekey_live, rekey_pages, sweep_spills
from warehouse.snapshot import publish
from warehouse.updating import open_up_to_date

__all__ = ["LIVE", "Store", "StoreError", "open_store"]

LIVE = "live.duckdb"
# What is to be erased, as long as it is not finished (warehouse.erasure).
ERASURE_REQUEST = "erasure.json"


class Store:
    """The open history. `home` is $ACTO_HOME, `keys` what its files are under; hold `lock` around each transaction, since
    several threads land pages.
    """

    def __init__(self, home: Path, root: duckdb.DuckDBPyConnection, keys: Keys, lease: Lease | None = None) -> None:
        self.home = home
        self.keys = keys
        self.lock = threading.RLock()
        self._lease = lease
        self._root = root
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._latest = datetime.min.replace(tzinfo=UTC)

    @property
    def lease(self) -> Lease:
        """The lease under which it is written to. Raises StoreError for a published history, which is only read."""
        if not self._lease:
            raise StoreError("A published history is only read.")
        return self._lease

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
            try:
                cursor.execute(f"USE {HISTORY}")
            except duckdb.IOException as error:
                # After a checkpoint that failed, which whoever made it need not have been told.
                if not _given_up(error):
                    raise
                self._open_again()
                cursor = self._root.cursor()
                cursor.execute(f"USE {HISTORY}")
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
            except BaseException as error:
                if _given_up(error):
                    self._open_again()
                    if "COMMIT succeeded" in str(error):
                        return
                else:
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
            except duckdb.Error as error:
                if not _given_up(error):
                    raise
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
        self._root = _connect(self.home / "warehouse" / LIVE, self.keys)


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
    as long as it takes), `on_wait` is called with whoever is waited for. Runs that a kill left open are closed as failed,
    and a home whose keys have changed is brought under the new ones.
    Raises StoreError where it cannot be opened: busy for too long, damaged, written by a newer version, no right to;
    warehouse.encryption.EncryptionError where its key is not there, or is another.
    """
    folder = home / "warehouse"
    try:
        private_folder(folder)
        with take_lease(folder, what=what, job=job, wait_seconds=wait_seconds, on_wait=on_wait) as lease:
            sweep_spills(folder / "spill")
            keys = keys_for_writing(home)
            rebuild_if_wanted(folder / LIVE, keys)
            with _damage_in_words(folder / LIVE):
                store = Store(home, _open(folder, keys), keys, lease)
            try:
                with _damage_in_words(folder / LIVE):
                    begin_chain(store, store.now())
                    stopped = _runs_left_open(store)
                    # A kill may also have come amid an erasure, which is no run, and a change of keys clears files away.
                    if stopped or keys.earlier or (folder / ERASURE_REQUEST).exists():
                        put_right(store, stopped)
                    _close_runs_left_open(store)
                # Here, since it is written by way of modules that need this one.
                from warehouse.desk import take_over

                take_over(store)
                if keys.earlier:
                    _end_change_of_keys(store)
                yield store
            finally:
                store.close()
    except PermissionError as error:
        raise StoreError(f"{error.filename} cannot be written: check who owns {home}.") from None
    except LeaseError as error:
        raise StoreError(str(error)) from None


@contextmanager
def _damage_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise StoreError(f"{path} is damaged ({type(error).__name__}): restore it from a backup.") from None


def _open(folder: Path, keys: Keys) -> duckdb.DuckDBPyConnection:
    """Open the live file; a new one is made aside and renamed, so that a kill leaves nothing half made."""
    live = folder / LIVE
    if not live.exists():
        fresh = live.with_name(f"{LIVE}.new")
        for leftover in folder.glob(f"{LIVE}.new*"):
            leftover.unlink()
        made = _connect(fresh, keys)
        try:
            migrations.migrate(made)
        finally:
            made.close()
        put_in_place(fresh, live)
    elif keys.earlier:
        _opened(live, lambda: rekey_live(live, keys))
    try:
        return open_up_to_date(live, lambda path: _connect(path, keys))
    except migrations.MigrationError as error:
        raise StoreError(str(error)) from None


def _connect(path: Path, keys: Keys) -> duckdb.DuckDBPyConnection:
    root = connect_for_writing(path.parent / "spill", encrypted=keys.data is not None)
    try:
        # A copy from before an update may still be under an earlier key.
        _opened(path, lambda: attach(root, path, [keys.data, *keys.earlier]))
        path.chmod(0o600)
        root.execute(f"USE {HISTORY}")
    except BaseException:
        root.close()
        raise
    return root


def _opened(path: Path, opening: Callable[[], object]) -> None:
    """Open a file, with DuckDB's words for what hinders it in a sentence."""
    try:
        opening()
    except duckdb.IOException as error:
        busy = "set lock" in str(error)
        words = "is open in another program" if busy else "cannot be opened; if it is damaged, restore it from a backup"
        raise StoreError(f"{path} {words}: {error}") from None


def _end_change_of_keys(store: Store) -> None:
    """Bring all that is left under the new keys, publish under the readers' new one, and only then forget the earlier."""
    rekey_pages(store.home, store.keys)
    store.keys = replace(store.keys, reader=newest_reader_key(store.home), earlier=())
    publish(store)
    forget_earlier(store.home)


def _runs_left_open(store: Store) -> list[str]:
    open_runs = "SELECT run_id FROM store.run_started ANTI JOIN store.run_ended USING (run_id)"
    return [run_id for (run_id,) in store.connection().execute(open_runs).fetchall()]


def _given_up(error: BaseException) -> bool:
    """Whether DuckDB uses the file no more until it is opened anew."""
    return isinstance(error, duckdb.FatalException) or (
        isinstance(error, duckdb.IOException) and "has been invalidated" in str(error)
    )


def _close_runs_left_open(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.run_ended
               SELECT run_id, $now, 'failed', 'It stopped before its end; the next run went on from there.'
               FROM store.run_started ANTI JOIN store.run_ended USING (run_id)""",
            {"now": datetime.now(UTC)},
        )
