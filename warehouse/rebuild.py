"""The live file written anew: what was deleted stays in a DuckDB file as free bytes, and only a new file is without them.

Deleting, CHECKPOINT and VACUUM leave all of it in place (measured). Whoever wants a new file says so by a mark beside it; the
next opening makes it, or the first one that is in time, so that a kill at any moment costs nothing but the time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.database import HISTORY, StoreError, attach, connect_for_writing, copy_database
from warehouse.files import put_in_place
from warehouse.keys import Keys

WANTED = "rebuild.wanted"
WANTED_IN_TIME = "rebuild.wanted-in-time"
DONE = "rebuilt"
# For so long what was removed may lie in a file as free bytes: to write it anew takes as long as the history is.
DAYS_OF_FREE_BYTES = timedelta(days=7)


def want_rebuild(folder: Path) -> None:
    """Have the live file in `folder` written anew when it is opened next."""
    (folder / WANTED).touch(mode=0o600)


def want_rebuild_in_time(folder: Path) -> None:
    """The same, once it was not done for DAYS_OF_FREE_BYTES."""
    (folder / WANTED_IN_TIME).touch(mode=0o600)


def is_due(done: Path, now: datetime) -> bool:
    """Whether the file `done`, touched whenever something is written anew, is not there, or not of the last days. A time that
    is still to come is none of them: somebody has set the clock.
    """
    if not done.exists():
        return True
    return not timedelta() <= now - datetime.fromtimestamp(done.stat().st_mtime, UTC) <= DAYS_OF_FREE_BYTES


def rebuild_if_wanted(live: Path, keys: Keys) -> bool:
    """Write the closed file `live` anew, under the newest key, if it is wanted; whether all that was wanted is done.

    Where it cannot be done, for want of room, the old file stays as it is, and the mark stays for the next time.
    """
    fresh = live.with_name(f"{live.name}.rebuilt")
    if not _is_wanted(live.parent, datetime.now(UTC)) or not live.exists():
        return True
    try:
        for leftover in live.parent.glob(f"{fresh.name}*"):
            leftover.unlink()
        with connect_for_writing(live.parent / "spill", encrypted=keys.data is not None) as connection:
            attach(connection, live, [keys.data, *keys.earlier])
            # What lies in the log of the old file is written into it, and the log is gone.
            connection.execute(f"CHECKPOINT {HISTORY}")
            copy_database(connection, HISTORY, fresh, keys.data)
            connection.execute(f"DETACH {HISTORY}")
    except (duckdb.Error, StoreError, OSError):
        for leftover in live.parent.glob(f"{fresh.name}*"):
            leftover.unlink(missing_ok=True)
        return False
    put_in_place(fresh, live)
    (live.parent / DONE).touch(mode=0o600)
    for mark in (WANTED, WANTED_IN_TIME):
        (live.parent / mark).unlink(missing_ok=True)
    return True


def _is_wanted(folder: Path, now: datetime) -> bool:
    return (folder / WANTED).exists() or ((folder / WANTED_IN_TIME).exists() and is_due(folder / DONE, now))
