"""Raw pages on disk, encrypted where the home is: the only way to read and write a file under $ACTO_HOME/raw."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from warehouse.encryption import EncryptionError
from warehouse.files import put_in_place

# An encrypted page begins with this line; a page in the clear with the brace of its first line.
MARK = b"ACTO page, AES-256-GCM, 1\n"
NONCE = 12


def read_page(path: Path, key: bytes | None) -> bytes:
    """The lines of a page, as NDJSON; a page in the clear needs no key.

    Raises EncryptionError for a page that `key` does not open: another key, or a damaged or renamed file.
    """
    content = path.read_bytes()
    if not content.startswith(MARK):
        return content
    nonce, box = content[len(MARK) : len(MARK) + NONCE], content[len(MARK) + NONCE :]
    try:
        if key is None:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, box, path.name.encode())
    except (InvalidTag, ValueError):
        raise EncryptionError(f"{path} cannot be deciphered: it is damaged, or not of this history.") from None


def write_page(path: Path, lines: bytes, key: bytes | None, *, read_at: float | None = None) -> None:
    """Put a page in place whole, under `key` or, with None, in the clear. `read_at` (seconds since 1970) keeps the time at
    which a page was read when it is written anew; terms count from it.
    """
    fresh = path.with_suffix(".part")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(lines if key is None else _enciphered(lines, key, path.name))
    if read_at is not None:
        os.utime(fresh, (read_at, read_at))
    put_in_place(fresh, path)


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


def _enciphered(lines: bytes, key: bytes, name: str) -> bytes:
    nonce = os.urandom(NONCE)
    return MARK + nonce + AESGCM(key).encrypt(nonce, lines, name.encode())
