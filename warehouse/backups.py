"""Where backups lie: the section [backup] of acto.toml, the ones that are there, and the lock for who makes or removes them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.database import StoreError
from warehouse.files import private_folder, put_in_place

ENDING = ".acto-backup"
EXPORTS = "exports"
# Which backups were made, so that an erasure can name those that it cannot reach.
MADE = Path("warehouse") / "backups.json"
# There while an erasure has removed backups and none was made since.
WANTED = Path("warehouse") / "backup.wanted"
# Where a backup is put together.
COPY, SPILL = Path("warehouse") / "backup.duckdb", Path("warehouse") / "backup-spill"


class BackupSettings(BaseModel):
    """The section [backup] of acto.toml: where `acto backup` puts its files (relative to the home), and how many stay;
    whether scans export the views each week.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Path("backups")
    keep: int = Field(default=7, ge=1, le=1000, strict=True)
    weekly_export: bool = True


def backup_folder(home: Path) -> Path:
    """The folder of the backups of this home. Raises StoreError where acto.toml does not say it rightly."""
    try:
        section = tomllib.loads((home / "acto.toml").read_text(encoding="utf-8-sig")).get("backup", {})
        return home / BackupSettings.model_validate(section).folder
    except FileNotFoundError:
        return home / BackupSettings().folder
    except (ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise StoreError(
            f"{home / 'acto.toml'}: the section [backup] cannot be read (docs/configuration.md)."
        ) from None


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(folder.glob(f"*{ENDING}"))


def made(home: Path) -> list[tuple[Path, datetime]]:
    """The backups that this home has made and that are not known to be gone, in their order: file, and when (UTC)."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = orjson.loads((home / MADE).read_bytes())
        return [(Path(one["file"]), datetime.fromisoformat(one["made_at"])) for one in kept]
    return []


def note_made(home: Path, file: Path, keep: Path) -> None:
    """Note a backup that was made; those in the folder `keep` that are gone are forgotten, of others nobody can tell."""
    before = [(one, at) for one, at in made(home) if one != file and (one.exists() or one.parent != keep)]
    _write(home, [*before, (file, datetime.now(UTC))])


def remove_backups(home: Path) -> list[Path]:
    """Remove every backup and every export of this home, since they hold what is erased; waits for one that is being made.

    Gives those that lay elsewhere and are not there, or could not be removed: they are for a person to remove.
    """
    with alone(home, wait=True):
        folder = backup_folder(home)
        if backups_in(folder):
            (home / WANTED).touch(mode=0o600)
        # What a killed backup has left.
        shutil.rmtree(home / SPILL, ignore_errors=True)
        for leftover in (home / COPY.parent).glob(f"{COPY.name}*"):
            leftover.unlink()
        exports = [path for path in (home / EXPORTS).glob("*/*") if path.is_file()]
        for path in (*backups_in(folder), *folder.glob(f".*{ENDING}.part"), *exports):
            path.unlink()
        for path in (home / EXPORTS).glob("*/"):
            # What a person has put there stays.
            with suppress(OSError):
                path.rmdir()
        elsewhere = [(file, at) for file, at in made(home) if file.parent != folder]
        if (home / MADE).exists():
            _write(home, elsewhere)
        return [file for file, _ in elsewhere]


def is_backup_wanted(home: Path) -> bool:
    """Whether the backups of before were removed by an erasure and there is no new one yet."""
    return (home / WANTED).exists()


@contextmanager
def alone(home: Path, *, wait: bool = False) -> Iterator[None]:
    """Let no other process make or remove backups during the block. Raises StoreError where one does, unless it `wait`s."""
    private_folder(home / "warehouse")
    descriptor = os.open(home / "warehouse" / "backing-up", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    except BlockingIOError:
        raise StoreError("Another backup is being made. Try again when it has ended.") from None
    finally:
        os.close(descriptor)


def _write(home: Path, kept: list[tuple[Path, datetime]]) -> None:
    fresh = (home / MADE).with_suffix(".part")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(orjson.dumps([{"file": str(file), "made_at": at} for file, at in kept]))
    put_in_place(fresh, home / MADE)
