"""Packed files, such as spreadsheets (an .xlsx is a zip): what stands in them, in pieces, so that none fills the memory."""

from __future__ import annotations

import gzip
import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

# How such files begin, whatever they are called.
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b\x08"
# Those that are not looked into: Parquet (also encrypted), bzip2, xz, Zstandard, 7z, RAR, the older files of Office, PDF.
CLOSED = (
    b"PAR1", b"PARE", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xd0\xcf\x11\xe0", b"%PDF",
)  # fmt: skip
PIECE = 1 << 20
# Longer than any comment, so that each stands whole in one of two pieces.
OVERLAP = 1 << 18
# Few bytes can unpack to so many that nobody would see the end.
MOST = 1 << 28
# No disk takes a longer one; a zip can hold such as would keep whoever looks at each run of words busy for hours.
LONGEST_NAME = 255
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)


class NotLookedIntoError(Exception):
    """What the file holds could not be read, or is too much; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("it is packed and could not be looked into: open it, and remove it if it names them")


def is_packed(path: Path) -> bool:
    """Whether what stands in the file does not stand in its bytes."""
    with path.open("rb") as file:
        return _begins_packed(file.read(8))


def names_in(path: Path) -> set[str]:
    """The names of the files and folders that are packed in a zip; none of any other file. Raises NotLookedIntoError."""
    if not zipfile.is_zipfile(path):
        return set()
    try:
        with zipfile.ZipFile(path) as packed:
            names = {part for name in packed.namelist() for part in Path(name).parts}
    except _DAMAGED:
        raise NotLookedIntoError from None
    if any(len(name) > LONGEST_NAME for name in names):
        raise NotLookedIntoError
    return names


def pieces_of(path: Path) -> Iterator[bytes]:
    """What stands in a packed file, in pieces that overlap.

    Raises NotLookedIntoError where some of it cannot be read: it is damaged, has a password, or is packed again in there.
    """
    seen = 0
    try:
        for content in _contents(path):
            before = b""
            while piece := content.read(PIECE):
                seen += len(piece)
                if seen > MOST or (not before and _begins_packed(piece)):
                    raise NotLookedIntoError
                yield before + piece
                before = (before + piece)[-OVERLAP:]
    except _DAMAGED:
        raise NotLookedIntoError from None


def words_in_xml(piece: bytes) -> bytes:
    """The words that stand between the tags, each on a line of its own, without the escapes of XML and of Excel."""
    said = re.sub("<[^<>]*>", "\n", piece.decode("utf-8", "replace"))
    said = html.unescape(re.sub("_x([0-9A-Fa-f]{4})_", lambda written: chr(int(written[1], 16)), said))
    return said.encode("utf-8", "replace")


def _begins_packed(head: bytes) -> bool:
    return head.startswith((ZIP, GZIP, *CLOSED))


def _contents(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(GZIP):
        with gzip.open(path) as content:
            yield content
    elif head.startswith(ZIP):
        with zipfile.ZipFile(path) as packed:
            for member in packed.infolist():
                # The others keep a dictionary as large as the file says.
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise NotLookedIntoError
                with packed.open(member) as content:
                    yield content
    else:
        raise NotLookedIntoError
