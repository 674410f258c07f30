"""Room on the disk: asked for before a run begins, and known by its errors when it ends in the middle of one."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from warehouse.store import LIVE, StoreError

# Bytes: what a night writes besides the history itself, its raw pages, Prefect's own files and the report.
BESIDES = 100_000_000


def require_room(home: Path, what: str, *, files: int = 0) -> None:
    """Raise StoreError, before anything is touched, where the disk may fill up in the middle.

    Wanted are twice the live file (it grows, and is written anew at a checkpoint), once more for the published copy, and for
    an import four times the bytes of its `files`: kept as raw lines, as rows, and those twice.
    """
    live = home / "warehouse" / LIVE
    size = live.stat().st_size if live.exists() else 0
    wanted = 3 * size + 4 * files + BESIDES
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < wanted:
        raise StoreError(
            f"The disk of {home} has {_megabytes(free)} free, and {what} may need {_megabytes(wanted)}. Nothing was begun. "
            "Make room, or move the folder to a larger disk, and try again."
        )


def is_full_disk(error: BaseException) -> bool:
    """Whether the error says that the disk is full: the system's own, or DuckDB's words for it."""
    return (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or "No space left" in str(error)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
