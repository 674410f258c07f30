"""Room on the disk: asked for before a run begins, and known by its errors when it ends in the middle of one."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from warehouse.snapshot import SNAPSHOT
from warehouse.store import LIVE, StoreError

# Bytes: what a night writes besides the history itself, its raw pages, Prefect's own files and the report.
BESIDES = 100_000_000
# Bytes: what a small file takes more than its size.
ROUNDING = 10_000_000
# What goes into a backup beside the history.
FOLDERS = ("raw", "outbox", "reports", "desk")


def require_room(home: Path, what: str, *, files: int = 0) -> None:
    """Raise StoreError, before anything is touched, where the disk may fill up in the middle.

    Wanted are twice the live file (it grows, and is written anew at a checkpoint), once more for the published copy, and for
    an import four times the bytes of its `files`: kept as raw lines, as rows, and those twice.
    """
    live = home / "warehouse" / LIVE
    size = live.stat().st_size if live.exists() else 0
    _require(home, 3 * size + 4 * files + BESIDES, what)


def require_room_for_backup(home: Path, target: Path) -> None:
    """Raise StoreError where the disk of `target`, the file to be, has no room for all that a backup holds, or that of `home`
    none for the copy of the published history that it is made from.
    """
    published = _size([home / SNAPSHOT])
    holds = published + _size(path for folder in FOLDERS for path in (home / folder).rglob("*"))
    if target.parent.stat().st_dev == home.stat().st_dev:
        _require(target.parent, published + holds + ROUNDING, "a backup")
    else:
        _require(home, published + ROUNDING, "a backup")
        _require(target.parent, holds + ROUNDING, "a backup")


def has_room_to_write_anew(home: Path) -> bool:
    """Whether there is room for the history and its published copy to be written anew beside themselves."""
    return shutil.disk_usage(home).free > 3 * _size([home / "warehouse" / LIVE]) + ROUNDING


def _require(folder: Path, wanted: int, what: str) -> None:
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(existing).free
    if free < wanted:
        raise StoreError(
            f"The disk of {folder} has {_megabytes(free)} free, and {what} may need {_megabytes(wanted)}. Nothing was begun. "
            "Make room, or move the folder to a larger disk, and try again."
        )


def _size(files: Iterable[Path]) -> int:
    """The bytes of all of these that are files; a run that goes on may remove some."""
    total = 0
    for path in files:
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def is_full_disk(error: BaseException) -> bool:
    """Whether the error says that the disk is full: the system's own, or DuckDB's words for it."""
    return (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or "No space left" in str(error)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
