"""An answer written to a file: for its owner alone, whole or not at all, and never over something else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flows.config import ConfigError
from warehouse.files import put_in_place


def refuse_what_is_there(path: Path) -> None:
    """Raises ConfigError where a file of this name exists, or its folder does not."""
    if path.exists() or path.is_symlink():
        raise ConfigError(f"{path} is there already and stays as it is. Choose another name, or remove it first.")
    if not path.parent.is_dir():
        raise ConfigError(f"There is no folder {path.parent}. Make it first, or choose another place.")


def write_answer(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read. Raises ConfigError where that is not possible."""
    refuse_what_is_there(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as beside:
            fresh = Path(beside.name)
            try:
                beside.write(content)
                beside.flush()
                put_in_place(fresh, path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
    except PermissionError:
        raise ConfigError(f"You may not write to {path.parent}. Choose another place.") from None
