"""Raw pages on disk, encrypted where the home is: the only way to read and write a file under $ACTO_HOME/raw."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from warehouse.encryption import EncryptionError
from warehouse.files import put_in_place, sync

# An encrypted page begins with this line; a page in the clear with the brace of its first line.
MARK = b"ACTO page, AES-256-GCM, 1\n"
NONCE = 12
# A page is named after its run, and a run after the second in which it began.
_MOMENT = "%Y%m%dT%H%M%SZ"


def read_page(path: Path, key: bytes | None, *, name: str | None = None) -> bytes:
    """The lines of a page, as NDJSON; a page in the clear needs no key. `name` is that of the page that a file made aside
    is to become, where that is not its own.

    Raises EncryptionError for a page that `key` does not open: another key, or a damaged or renamed file.
    """
    content = path.read_bytes()
    if not content.startswith(MARK):
        return content
    nonce, box = content[len(MARK) : len(MARK) + NONCE], content[len(MARK) + NONCE :]
    try:
        if key is None:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, box, (name or path.name).encode())
    except (InvalidTag, ValueError):
        raise EncryptionError(f"{path} cannot be deciphered: it is damaged, or not of this history.") from None


def read_small_file(path: Path, keys: Sequence[bytes | None]) -> bytes:
    """What `write_page` has written under one of these keys. Raises EncryptionError where none opens it."""
    for key in keys[:-1]:
        with suppress(EncryptionError):
            return read_page(path, key)
    return read_page(path, keys[-1])


def write_page(path: Path, lines: bytes, key: bytes | None, *, read_at: float | None = None) -> None:
    """Put a page in place whole, under `key` or, with None, in the clear. `read_at` (seconds since 1970) keeps the time at
    which a page was read when it is written anew; terms count from it.
    """
    put_in_place(write_aside(path, lines, key, read_at=read_at), path)


def write_aside(path: Path, lines: bytes, key: bytes | None, *, read_at: float | None = None) -> Path:
    """Write what is to become the page `path` beside it, and have the disk keep it: gives the file to put in its place."""
    fresh = path.with_suffix(".part")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(lines if key is None else _enciphered(lines, key, path.name))
    if read_at is not None:
        os.utime(fresh, (read_at, read_at))
    sync(fresh)
    return fresh


def pages(home: Path) -> Iterator[Path]:
    """All raw pages of a home, also those of rejected records."""
    return (home / "raw").rglob("*.ndjson")


def is_under(path: Path, key: bytes | None) -> bool:
    """Whether the page lies as `key` says; with a key it is deciphered to find out."""
    with path.open("rb") as opened:
        enciphered = opened.read(len(MARK)) == MARK
    if not enciphered or key is None:
        return enciphered == (key is not None)
    try:
        read_page(path, key)
    except EncryptionError:
        return False
    return True


def pages_before(home: Path, source: str | None, before: datetime) -> list[Path]:
    """The pages of a source (None: of all sources) whose run began before `before`; a page that was broken off too.

    Folders of later days are not looked into, but for those of days that are still to come.
    """
    now = datetime.now(UTC)
    today = now.strftime("%Y-%m-%d")
    folders = [home / "raw" / slug(source)] if source is not None else list((home / "raw").glob("*"))
    last_day = before.astimezone(UTC).strftime("%Y-%m-%d")
    days = [day for folder in folders for day in folder.glob("*") if not last_day < day.name <= today]
    return [page for day in days for page in day.iterdir() if _read_at(page, now) < before]


def remove_pages(pages: Collection[Path]) -> None:
    """Remove the pages, and the folders that are empty without them."""
    for page in pages:
        page.unlink(missing_ok=True)
    for folder in sorted({page.parent for page in pages} | {page.parent.parent for page in pages}, reverse=True):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()


def pages_of(home: Path, source: str) -> Iterator[Path]:
    """All pages of a source."""
    return (home / "raw" / slug(source)).glob("*/*.ndjson")


def without(lines: bytes, ids: Collection[str]) -> bytes:
    """The lines of a page without the items that have these ids of the platform."""
    return b"".join(line for line in lines.splitlines(keepends=True) if orjson.loads(line).get("id") not in ids)


def slug(name: str) -> str:
    """A folder name for a source's name, whatever that holds; different names give different folders."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:40]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _read_at(page: Path, now: datetime) -> datetime:
    """When the run began that read a page; a file of another name has the age that its file system says, and so has one of
    a time to come, which a wrong clock has named. Where its file is of a time to come too, its age counts from now on.
    """
    with suppress(ValueError):
        begun = datetime.strptime(page.name[:16], _MOMENT).replace(tzinfo=UTC)
        if begun <= now:
            return begun
    written = datetime.fromtimestamp(page.stat().st_mtime, UTC)
    if written > now:
        os.utime(page, (now.timestamp(), now.timestamp()))
    return min(written, now)


def _enciphered(lines: bytes, key: bytes, name: str) -> bytes:
    nonce = os.urandom(NONCE)
    return MARK + nonce + AESGCM(key).encrypt(nonce, lines, name.encode())
