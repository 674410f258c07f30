"""Folders that only their owner can look into, and files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def private_folder(path: Path) -> None:
    """Make the folder, and those above it that are missing, for its owner alone: comments of clients will lie in it."""
    if not path.exists():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


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
