"""The published history: a copy that readers open while the writer goes on, replaced as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from warehouse.files import put_in_place
from warehouse.store import LIVE, Store, StoreError

SNAPSHOT = "history.duckdb"
# Copying inside this process would drop DuckDB's lock on the live file: closing any descriptor of a file releases all
# the POSIX locks that the process holds on it (measured).
COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def publish(store: Store) -> Path:
    """Copy the live file to $ACTO_HOME/history.duckdb, read the copy, and only then put it in place; gives its path.

    Raises StoreError where the copy cannot be made or does not hold what the live file holds.
    """
    target = store.home / SNAPSHOT
    fresh = store.home / f".{SNAPSHOT}.new"
    fresh.unlink(missing_ok=True)
    with store.lock:
        store.checkpoint()
        expected = _extent(store.connection())
        try:
            fresh.touch(mode=0o600)
            subprocess.run(  # noqa: S603
                [sys.executable, "-I", "-S", "-c", COPY, str(store.home / "warehouse" / LIVE), str(fresh)],
                check=True,
                capture_output=True,
                env={"PATH": os.defpath},
            )
        except (OSError, subprocess.CalledProcessError) as error:
            fresh.unlink(missing_ok=True)
            raise StoreError(f"The history could not be copied to {target}: is the disk full? ({error})") from None
    with duckdb.connect(str(fresh), read_only=True) as copy:
        found = _extent(copy)
    if found != expected:
        raise StoreError(f"The copy of the history holds {found} where {expected} was expected; the old one stays.")
    put_in_place(fresh, target)
    return target


def _extent(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    row = connection.execute(
        """SELECT (SELECT count(*) FROM store.revision), (SELECT count(*) FROM store.flag),
                  (SELECT count(*) FROM store.run_ended), (SELECT count(*) FROM store.decision)"""
    ).fetchone()
    return tuple(row or ())
