"""The published history: a copy under the readers' own key, which they open while the writer goes on; replaced as a whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.carrying import carry_over
from warehouse.database import HISTORY, copy_database
from warehouse.files import put_in_place
from warehouse.rebuild import DONE, is_due

if TYPE_CHECKING:
    from warehouse.store import Store

SNAPSHOT = "history.duckdb"
# Touched when the whole history was copied.
COPIED = "published-whole"


def publish(store: Store) -> Path:
    """Bring $ACTO_HOME/history.duckdb up to date in a copy, read that, and only then put it in place; gives its path.

    What is new is carried over; once in DAYS_OF_FREE_BYTES, and after the live file was written anew, all is copied and
    compared: only then the copy holds no byte of what was removed. Who has the old one open keeps it. Raises StoreError
    where the copy cannot be made or does not hold what the live file holds: then the old one stays.
    """
    # Here, since it is written by way of modules that need this one.
    from warehouse.desk import forget_published

    target = store.home / SNAPSHOT
    fresh = store.home / f".{SNAPSHOT}.new"
    folder = store.home / "warehouse"
    whole = _whole_is_due(folder, store.now())
    with store.lock:
        store.checkpoint()
        connection = store.connection()
        whole = whole or not carry_over(connection, target, fresh, store.keys.reader)
        if whole:
            copy_database(connection, HISTORY, fresh, store.keys.reader)
    put_in_place(fresh, target)
    if whole:
        (folder / COPIED).touch(mode=0o600)
    forget_published(store)
    return target


def _whole_is_due(folder: Path, now: datetime) -> bool:
    copied, rebuilt = folder / COPIED, folder / DONE
    return is_due(copied, now) or (rebuilt.exists() and rebuilt.stat().st_mtime >= copied.stat().st_mtime)
