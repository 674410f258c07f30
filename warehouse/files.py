"""Folders that only their owner can look into, and files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def private_folder(path: Path) -> None:
    """Make the folder, and those above it that are missing, for its owner alone: comments of clients will lie in it."""
    if not path.exists():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def copy_privately(file: Path, fresh: Path) -> None:
    """Copy the bytes of `file` into a new one for its owner alone, in place of whatever lies at `fresh`."""
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    shutil.copyfile(file, fresh)


def put_in_place(fresh: Path, target: Path) -> None:
    """Rename `fresh` over `target` in the same folder so that after a power cut one of the two is there, whole."""
    sync(fresh)
    fresh.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Have the disk keep what was written to a file, or which names a folder holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
