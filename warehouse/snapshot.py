"""The published history: a copy under the readers' own key, which they open while the writer goes on; replaced as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.database import HISTORY, copy_database
from warehouse.files import put_in_place

if TYPE_CHECKING:
    from warehouse.store import Store

SNAPSHOT = "history.duckdb"


def publish(store: Store) -> Path:
    """Copy the live file to $ACTO_HOME/history.duckdb, read the copy, and only then put it in place; gives its path.

    The copy holds what the tables hold, and nothing of what was removed from them. Who has the old one open keeps it.
    Raises StoreError where the copy cannot be made or does not hold what the live file holds: then the old one stays.
    """
    # Here, since it is written by way of modules that need this one.
    from warehouse.desk import forget_published

    target = store.home / SNAPSHOT
    fresh = store.home / f".{SNAPSHOT}.new"
    with store.lock:
        store.checkpoint()
        copy_database(store.connection(), HISTORY, fresh, store.keys.reader)
    put_in_place(fresh, target)
    forget_published(store)
    return target
