"""The line of the disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from flows.finding import Finding

ENOUGH_SPACE = 1_000_000_000


def disk_finding(home: Path) -> Finding:
    """Whether the home can be written to, and has room for the next nights."""
    if not os.access(home, os.W_OK | os.X_OK):
        return Finding("disk", "broken", f"This user may not write to {home}.", f"ls -ld {home}")
    free = shutil.disk_usage(home).free
    if free > ENOUGH_SPACE:
        return Finding("disk", "ok", f"{free / 1e9:.1f} GB free")
    return Finding("disk", "warning", f"{free / 1e9:.1f} GB free: make room before the next night.", f"df -h {home}")
