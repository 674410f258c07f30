"""The seal of a raw page: a salted digest of its plain content, and a mark a line that says where it was altered."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedPage:
    """`name` is its path under the home; salt, digest and marks are None for a page that is gone."""

    name: str
    salt: bytes | None
    digest: bytes | None
    marks: bytes | None

    def holds(self, content: bytes) -> bool:
        """Whether `content` is what was sealed."""
        return self.salt is not None and hashlib.sha256(self.salt + content).digest() == self.digest

    def altered_lines(self, content: bytes) -> list[int]:
        """The numbers, from 1, of the lines that are not as they were; one past the end where lines are missing."""
        kept, found = array("I", self.marks or b""), array("I", _marks(content, self.salt or b""))
        differing = [number for number, (one, other) in enumerate(zip(kept, found, strict=False), 1) if one != other]
        return differing if len(kept) == len(found) else [*differing, min(len(kept), len(found)) + 1]


def seal_page(name: str, content: bytes) -> SealedPage:
    """Seal the plain content of a page."""
    salt = secrets.token_bytes(16)
    return SealedPage(name, salt, hashlib.sha256(salt + content).digest(), _marks(content, salt))


def _marks(content: bytes, salt: bytes) -> bytes:
    begin = int.from_bytes(salt[:4])
    return array("I", (zlib.crc32(line, begin) for line in content.splitlines(keepends=True))).tobytes()
