"""Bringing a whole home under the keys that hold now: after a rotation, or when encryption is switched on or off.

Each file is written anew beside the old one and renamed over it, so that a kill leaves every file whole under the new or
an earlier key. `warehouse/keys.sealed` keeps the earlier keys until all is done; the next opening goes on where a kill came.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from warehouse.database import HISTORY, StoreError, attach, connect_for_writing, copy_database
from warehouse.encryption import EncryptionError
from warehouse.files import put_in_place
from warehouse.keys import Keys
from warehouse.raw import is_under, pages, read_page, write_page

logger = logging.getLogger(__name__)


def rekey_live(live: Path, keys: Keys) -> None:
    """Bring the live file under `keys.data`, if an earlier key opens it. Nobody may have it open."""
    spill = live.parent / "spill"
    with connect_for_writing(spill, encrypted=True) as connection:
        if attach(connection, live, [keys.data, *keys.earlier]) == keys.data:
            return
        fresh = live.with_name(f"{live.name}.new")
        connection.execute(f"CHECKPOINT {HISTORY}")
        copy_database(connection, HISTORY, fresh, keys.data)
        connection.execute(f"DETACH {HISTORY}")
        # A log of the old file beside the new one would be replayed into it.
        if live.with_name(f"{live.name}.wal").exists():
            raise StoreError(f"{live.name}.wal is still there after a checkpoint: the old file stays. Run it again.")
        put_in_place(fresh, live)


def rekey_pages(home: Path, keys: Keys) -> None:
    """Bring all raw pages under `keys.raw`. A page that no key opens is left as it is and said in the log."""
    for leftover in (home / "raw").rglob("*.part"):
        leftover.unlink()
    small = [*(home / "desk").glob("*.*"), *(home / "warehouse").glob("erasure.json")]
    for page in (*pages(home), *small):
        if is_under(page, keys.raw):
            continue
        for key in keys.earlier_raw:
            try:
                lines = read_page(page, key)
            except EncryptionError:
                continue
            write_page(page, lines, keys.raw, read_at=page.stat().st_mtime)
            break
        else:
            logger.warning("%s is damaged: no key of this history opens it, so it was left as it is", page)


def live_from_published(published: Path, published_keys: list[str | None], home: Path, keys: Keys) -> None:
    """Make the live file of an empty home out of a published copy of another; raises as `attach` and `copy_database`."""
    live = home / "warehouse" / "live.duckdb"
    fresh = live.with_name(f"{live.name}.new")
    with connect_for_writing(live.parent / "spill", encrypted=True) as connection:
        attach(connection, published, published_keys, name="published", read_only=True)
        copy_database(connection, "published", fresh, keys.data)
    put_in_place(fresh, live)


def sweep_spills(folder: Path) -> None:
    """Remove what a killed process spilled: of before encryption it may be readable."""
    shutil.rmtree(folder, ignore_errors=True)
