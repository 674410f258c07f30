"""One file of many, encrypted: what a backup is written in, and how it is read without trusting it.

A tar stream in chunks. Each chunk is encrypted (AES-256-GCM) under a key of this file alone, and bound to its number, to the
head of the file and to whether it is the last: so a chunk that is changed, missing, repeated or out of order is noticed, and
so is a file that was cut off. Without a key each chunk carries a SHA-256 of the same instead. Only one chunk is in memory.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ENCRYPTED = b"ACTO backup, AES-256-GCM, 1\n"
IN_THE_CLEAR = b"ACTO backup, in the clear, 1\n"
SALT = 32
CHUNK = 1 << 20
# Bytes that a chunk is longer than what it holds: AES-GCM's tag, or the SHA-256.
TAG, DIGEST = 16, 32


class ArchiveError(Exception):
    """The file is no whole archive of ours, or the key does not open it; the message says which."""


def derived_key(key: str, salt: bytes, purpose: str) -> bytes:
    """256 bits of this archive (`salt`) for one purpose, from the history's key in base64."""
    info = f"ACTO backup, {purpose}".encode()
    return HKDF(SHA256(), length=32, salt=salt, info=info).derive(base64.b64decode(key))


@contextmanager
def writing(file: BinaryIO, key: str | None, salt: bytes) -> Iterator[tarfile.TarFile]:
    """A tar that is written to `file` in chunks, under the history's key or, with None, in the clear."""
    head = (IN_THE_CLEAR if key is None else ENCRYPTED) + salt
    file.write(head)
    chunks = _Writer(file, head, None if key is None else derived_key(key, salt, "chunks"))
    with tarfile.open(fileobj=chunks, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        yield tar
    chunks.end()


@contextmanager
def reading(file: BinaryIO, keys: list[str]) -> Iterator[tuple[tarfile.TarFile, str | None, bytes]]:
    """The tar that `file` holds, the key of `keys` that opened it (None: in the clear) and its salt.

    Raises ArchiveError when what is not whole is reached: read to the end before anything is believed.
    """
    mark = file.readline(len(ENCRYPTED) + len(IN_THE_CLEAR))
    salt = file.read(SALT)
    if mark not in (ENCRYPTED, IN_THE_CLEAR) or len(salt) < SALT:
        raise ArchiveError("it is not a backup that this program has made, or its beginning is damaged")
    start = file.tell()
    for key in keys if mark == ENCRYPTED else [None]:
        file.seek(start)
        chunks = _Reader(file, mark + salt, None if key is None else derived_key(key, salt, "chunks"))
        try:
            chunks.fill()
        except ArchiveError:
            continue
        try:
            with tarfile.open(fileobj=chunks, mode="r|") as tar:
                yield tar, key, salt
                # What follows the last file: an end that is missing is noticed only there.
                while chunks.read(CHUNK):
                    pass
        except (tarfile.TarError, EOFError):
            raise ArchiveError("what it holds is damaged") from None
        return
    raise ArchiveError(
        "its beginning is damaged" if mark == IN_THE_CLEAR else "it is under another key, or its beginning is damaged"
    )


class _Chunks(io.RawIOBase):
    def __init__(self, file: BinaryIO, head: bytes, key: bytes | None) -> None:
        self._file = file
        self._head = head
        self._cipher = None if key is None else AESGCM(key)
        self._number = 0
        self._buffer = bytearray()

    def _nonce(self, last: bool) -> bytes:
        """Different for each chunk; the key is never used for another file."""
        return self._number.to_bytes(11, "big") + bytes([last])

    def _digest(self, content: bytes, nonce: bytes) -> bytes:
        return hashlib.sha256(self._head + nonce + content).digest()


class _Writer(_Chunks):
    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._buffer += content
        # The last chunk is known only at the end, so one is always kept back.
        while len(self._buffer) > CHUNK:
            self._put(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return len(content)

    def end(self) -> None:
        self._put(bytes(self._buffer), last=True)

    def _put(self, content: bytes, *, last: bool) -> None:
        nonce = self._nonce(last)
        if self._cipher:
            self._file.write(self._cipher.encrypt(nonce, content, self._head))
        else:
            self._file.write(content + self._digest(content, nonce))
        self._number += 1


class _Reader(_Chunks):
    def __init__(self, file: BinaryIO, head: bytes, key: bytes | None) -> None:
        super().__init__(file, head, key)
        self._size = CHUNK + (TAG if self._cipher else DIGEST)
        self._ahead = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._buffer) < size):
            self.fill()
        taken = bytes(self._buffer if size < 0 else self._buffer[:size])
        del self._buffer[: len(taken)]
        return taken

    def fill(self) -> None:
        """Bring one more chunk. Raises ArchiveError where it is not the one that was written there."""
        box = self._ahead or self._file.read(self._size)
        self._ahead = self._file.read(self._size)
        last = not self._ahead
        self._buffer += self._opened(box, self._nonce(last))
        self._number += 1
        self._ended = last

    def _opened(self, box: bytes, nonce: bytes) -> bytes:
        wrong = ArchiveError("it is damaged, or was cut off")
        if self._cipher:
            try:
                return self._cipher.decrypt(nonce, box, self._head)
            except (InvalidTag, ValueError):
                raise wrong from None
        content, digest = box[:-DIGEST], box[-DIGEST:]
        if self._digest(content, nonce) != digest:
            raise wrong
        return content


def new_salt() -> bytes:
    """What makes the keys of one archive its own."""
    return os.urandom(SALT)
