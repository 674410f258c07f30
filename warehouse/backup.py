"""A backup: one file with everything that a home needs, made from the published history while a run may go on.

The published copy is whole as of the last run, and beside it go only the raw pages that it knows: so nothing waits for a run
that is under way, and no run waits for a backup. Keys and secrets are never in it; it is encrypted under the history's key,
the one that a person keeps, and the copy of the history in it once more under a key derived from that.
"""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from warehouse.archive import ArchiveError, derived_key, new_salt, reading, writing
from warehouse.backups import COPY, ENDING, SPILL, WANTED, alone, backup_folder, backups_in, note_made
from warehouse.database import HISTORY, StoreError, attach, connect_for_writing, copy_database
from warehouse.encryption import EncryptionError, encryption_of
from warehouse.files import private_folder, put_in_place
from warehouse.key_kinds import HISTORY as HISTORY_KEY
from warehouse.key_places import place_of
from warehouse.keys import is_changing, reader_keys, small_file_keys
from warehouse.raw import pages, read_small_file
from warehouse.rekeying import sweep_spills
from warehouse.snapshot import SNAPSHOT
from warehouse.space import require_room_for_backup

DATABASE = "history.duckdb"
MANIFEST = "manifest.json"
# Files that acto.toml names outside the home lie in a restored home here.
ELSEWHERE = "elsewhere"
REPORTS = ("outbox", "reports")
NEVER = ("warehouse", "keys")
READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, by its manifest: when it was made (UTC), its files with size and SHA-256, and the `key` that opened
    it with its `salt`; `moved` names where files lay that acto.toml names outside the home.
    """

    made_at: datetime
    files: dict[str, tuple[int, str]]
    moved: dict[str, str]
    key: str | None
    salt: bytes
    configuration: bytes | None


def database_key(key: str | None, salt: bytes) -> str | None:
    """The key of the copy of the history in a backup, in base64; None where it is in the clear."""
    return None if key is None else base64.b64encode(derived_key(key, salt, "history")).decode()


def make_backup(home: Path, target: Path | None, *, people: Iterable[Path], keep: int) -> Path:
    """Write a backup to `target` (a file, or a folder; None: the home's own, of which the newest `keep` stay) and give its path.

    `people` are the files that acto.toml names. It is read back whole before it takes its name. Raises StoreError where there
    is nothing to back up, or it cannot be written or read back; warehouse.encryption.EncryptionError without the key.
    """
    published = home / SNAPSHOT
    if not published.exists():
        raise StoreError(f"There is no history in {home} yet, so there is nothing to back up.")
    own = backup_folder(home)
    name = f"acto-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{ENDING}"
    target = (own / name if target is None else target / name if target.is_dir() else target).absolute()
    key = _key(home)
    private_folder(target.parent)
    fresh = target.with_name(f".{target.name}.part")
    copy = home / COPY
    with alone(home):
        if (home / "warehouse" / "erasure.json").exists():
            raise StoreError("An erasure has not ended. Finish it first: acto erase --finish")
        for leftover in target.parent.glob(f".*{ENDING}.part"):
            leftover.unlink()
        require_room_for_backup(home, target)
        try:
            salt = new_salt()
            fresh.touch(mode=0o600)
            with fresh.open("r+b") as file:
                with writing(file, key, salt) as tar:
                    _write(tar, home, copy, database_key(key, salt), people)
                file.truncate()
            examine(fresh, [key] if key else [])
            put_in_place(fresh, target)
        except ArchiveError as error:
            raise StoreError(f"The backup was written but could not be read back: {error}. Try another disk.") from None
        finally:
            for leftover in (fresh, copy, copy.with_name(f"{copy.name}.wal")):
                leftover.unlink(missing_ok=True)
            sweep_spills(home / SPILL)
        note_made(home, target, own)
        if target.parent == own.absolute():
            (home / WANTED).unlink(missing_ok=True)
            for old in backups_in(own)[:-keep]:
                old.unlink()
    return target


def examine(backup: Path, keys: list[str]) -> Contents:
    """Read a backup to its end, compare all that it holds with its manifest, and write nothing. Raises ArchiveError."""
    found: dict[str, tuple[int, str]] = {}
    manifest: dict[str, Any] = {}
    configuration = None
    with backup.open("rb") as file, reading(file, keys) as (tar, key, salt):
        for name, content, _ in members(tar):
            digest = hashlib.sha256()
            size = 0
            kept = b""
            while part := content.read(READ):
                digest.update(part)
                size += len(part)
                if name in (MANIFEST, "acto.toml"):
                    kept += part
            if name == MANIFEST:
                manifest = orjson.loads(kept)
            else:
                found[name] = (size, digest.hexdigest())
                configuration = kept if name == "acto.toml" else configuration
    files = {name: (size, digest) for name, (size, digest) in manifest.get("files", {}).items()}
    if not manifest or files != found or DATABASE not in found:
        raise ArchiveError("what it holds is not what its manifest says")
    made_at = datetime.fromisoformat(manifest["made_at"])
    return Contents(made_at, files, manifest["moved"], key, salt, configuration)


def members(tar: tarfile.TarFile) -> Iterator[tuple[str, Any, float]]:
    """The files of the archive one after the other (name, content, seconds since 1970), each to be read before the next.

    Raises ArchiveError for anything else: a link, a name that leads out of the folder or to what this program keeps there.
    """
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        parts = member.name.split("/")
        strange = any(part in ("", ".", "..") for part in parts) or parts[0] in NEVER or "\\" in member.name
        if content is None or strange:
            raise ArchiveError("it holds something that no backup of ours holds")
        yield member.name, content, member.mtime


def _key(home: Path) -> str | None:
    """The history's key, that opens this home now."""
    keys = small_file_keys(home)
    if not encryption_of(home).at_rest and keys == [None]:
        return None
    if is_changing(home) or not encryption_of(home).at_rest or keys == [None]:
        raise StoreError("A change of keys has not ended: the next scan, or acto check, ends it. Then back up again.")
    return place_of(home, HISTORY_KEY).keys()[0]


def _write(tar: tarfile.TarFile, home: Path, copy: Path, key: str | None, people: Iterable[Path]) -> None:
    """Everything into the archive, the manifest last.

    The Chair's entries are read first: one that is removed while this goes on has reached a published history before, and the
    one that is copied here is not older than that.
    """
    manifest: dict[str, tuple[int, str]] = {}
    moved: dict[str, str] = {}
    keys = small_file_keys(home)

    def add(name: str, content: bytes, at: float) -> None:
        _add(tar, name, content, at)
        manifest[name] = (len(content), hashlib.sha256(content).hexdigest())

    def add_small(paths: Iterable[Path], *, deciphered: bool) -> None:
        for path in paths:
            # A run that goes on may have removed it: then it is not wanted any more.
            with suppress(FileNotFoundError):
                content = read_small_file(path, keys) if deciphered else path.read_bytes()
                add(path.relative_to(home).as_posix(), content, path.stat().st_mtime)

    add_small([home / "acto.toml"], deciphered=False)
    add_small(sorted((home / "desk").glob("*.json")), deciphered=True)
    for refused in sorted((home / "desk").glob("*.refused")):
        # A damaged one says nothing to anybody.
        with suppress(EncryptionError):
            add_small([refused], deciphered=True)
    runs = _copy_published(home, copy, key)
    for number, path in enumerate(people, 1):
        if path.resolve().is_relative_to(home.resolve()):
            add_small([home / path.resolve().relative_to(home.resolve())], deciphered=False)
        else:
            name = f"{ELSEWHERE}/{number}/{path.name}"
            with suppress(FileNotFoundError):
                add(name, path.read_bytes(), path.stat().st_mtime)
                moved[name] = str(path)
    for folder in REPORTS:
        add_small(
            sorted(path for path in (home / folder).glob("*.*") if not path.name.startswith(".")), deciphered=False
        )
    add_small((page for page in sorted(pages(home)) if "-".join(page.name.split("-")[:2]) in runs), deciphered=True)
    with copy.open("rb") as file:
        manifest[DATABASE] = (copy.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
        file.seek(0)
        member = tarfile.TarInfo(DATABASE)
        member.size = copy.stat().st_size
        tar.addfile(member, file)
    said = {"made_at": datetime.now(UTC), "files": manifest, "moved": moved}
    _add(tar, MANIFEST, orjson.dumps(said), 0)


def _copy_published(home: Path, copy: Path, key: str | None) -> set[str]:
    """Copy the published history to `copy` under `key`; the runs that it knows."""
    with connect_for_writing(home / SPILL, encrypted=key is not None) as connection:
        try:
            attach(connection, home / SNAPSHOT, reader_keys(home), read_only=True)
        except duckdb.IOException as error:
            raise StoreError(f"{home / SNAPSHOT} cannot be opened: {error}") from None
        copy_database(connection, HISTORY, copy, key)
        return {run for (run,) in connection.execute(f"SELECT run_id FROM {HISTORY}.store.run_started").fetchall()}


def _add(tar: tarfile.TarFile, name: str, content: bytes, at: float) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), at
    tar.addfile(member, io.BytesIO(content))
