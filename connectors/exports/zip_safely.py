"""Zip files from outside. Nothing is ever unpacked to disk, and nothing in them decides how much memory is used.

The tricks: https://www.bamsoftware.com/hacks/zipbomb/ (bombs by overlapping), OWASP ASVS 5.0 chapter 5 (sizes, numbers and
symbolic links of what is unpacked), CWE-22 (names that lead out of the folder).
"""

from __future__ import annotations

import io
import operator
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

from connectors.errors import Refused

MOST_ENTRIES = 100_000
LARGEST_DIRECTORY = 16 * 1024 * 1024
# What stands behind that list, with the longest comment that there can be.
LONGEST_END = 1 << 17
# Of one file that is read, and of all of them, unpacked.
LARGEST_FILE = 200 * 1024 * 1024
LARGEST_IN_ALL = 2 * 1024 * 1024 * 1024
# JSON is packed into a tenth, seldom into a hundredth. Small files may be of one letter.
MOST_TIMES, SMALL = 200, 1024 * 1024
CHUNK = 1024 * 1024
# What Python's own reader raises, depending on which byte is wrong.
BROKEN_CONTENT = (zipfile.BadZipFile, zlib.error, EOFError)
BROKEN = (*BROKEN_CONTENT, struct.error, NotImplementedError, ValueError, OverflowError, OSError)


class SafeZip:
    """The files of a zip file by their names, with "/" between folders; folders are left out."""

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive = archive
        self._where = where
        self._entries = {_path(entry): entry for entry in archive.infolist() if not entry.is_dir()}

    @property
    def names(self) -> list[str]:
        """The names of the files, in their order in the zip file."""
        return list(self._entries)

    def check(self, names: Sequence[str]) -> None:
        """Read the files `names` to their ends. Raises Refused, naming the file, where one is not as it says it is."""
        entries = [(name, self._entries[name]) for name in names]
        for name, entry in entries:
            self._check_before_reading(name, entry)
        if sum(entry.file_size for _, entry in entries) > LARGEST_IN_ALL:
            raise Refused(
                f"The files to read in {self._where} are larger than 2 GB. Unpack it and import them one by one."
            )
        for name, entry in entries:
            self._check_by_reading(name, entry)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file's content, to read from its beginning. Raises Refused where it is damaged or locked."""
        entry = self._entries[name]
        self._check_before_reading(name, entry)
        with self._in_words(name, BROKEN):
            content = self._archive.open(entry)
        with content, self._in_words(name, BROKEN_CONTENT):
            yield cast(BinaryIO, content)

    def _check_before_reading(self, name: str, entry: zipfile.ZipInfo) -> None:
        shown = self._shown(name)
        if entry.flag_bits & 0x41:
            raise Refused(f"{shown} is locked by a password. Unpack the zip file and import the files that were in it.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(
                f"{shown} is packed in an unusual way. Unpack the zip file and import the files that were in it."
            )
        if entry.file_size > LARGEST_FILE:
            raise Refused(f"{shown} is larger than 200 MB. Unpack the zip file and import that file by itself.")
        if entry.file_size > SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise Refused(
                f"{shown} would swell to more than {MOST_TIMES} times its size, as files do that are made to fill a "
                "computer. Download it again from the platform itself."
            )

    def _check_by_reading(self, name: str, entry: zipfile.ZipInfo) -> None:
        read = 0
        with self.open(name) as content:
            while chunk := content.read(CHUNK):
                read += len(chunk)
        if read != entry.file_size:
            raise Refused(f"{self._shown(name)} has not the size that it says. Download the zip file again.")

    @contextmanager
    def _in_words(self, name: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
        try:
            yield
        except errors as error:
            raise Refused(f"{self._shown(name)} is damaged. Download the zip file again.") from error

    def _shown(self, name: str) -> str:
        return f"{printable(name)} in {self._where}"


@contextmanager
def open_zip(file: BinaryIO, where: str) -> Iterator[SafeZip]:
    """The zip file `file`, called `where` in messages.

    Raises Refused, saying what to do, for one that is damaged, too large, or made to do harm.
    """
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Bounded(file)))
    except _DirectoryTooLarge:
        raise Refused(_too_many(where)) from None
    except BROKEN as error:
        raise Refused(
            f"{where} is a damaged zip file, or none. Download it again. A spreadsheet? Save it as CSV (UTF-8)."
        ) from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Refused(_too_many(where))
        for entry in entries:
            if trick := _trick(entry):
                raise Refused(
                    f"{where} holds {printable(entry.orig_filename)!r}, {trick}. No platform makes such a download: "
                    "do not open it, and download it again from the platform itself."
                )
        if _overlap(entries, archive.start_dir):
            raise Refused(
                f"{where} holds files that lie over one another, as in zip files made to fill a computer. "
                "Download it again from the platform itself."
            )
        twice = [name for name, times in Counter(map(_path, entries)).items() if times > 1]
        if twice:
            raise Refused(
                f"{where} holds {printable(twice[0])!r} more than once, so it cannot be told which is the right one. "
                "Unpack it and import the files one by one."
            )
        yield SafeZip(archive, where)


def printable(name: str) -> str:
    """A name from outside for a message, without what could drive a terminal."""
    return "".join(character for character in name if character.isprintable())[-100:]


def _too_many(where: str) -> str:
    return f"{where} holds more than {MOST_ENTRIES:,} files. Unpack it and import the files one by one."


def _path(entry: zipfile.ZipInfo) -> str:
    return entry.orig_filename.replace("\\", "/")


def _trick(entry: zipfile.ZipInfo) -> str | None:
    """What is wrong with an entry's name or kind; None where nothing is."""
    path = _path(entry)
    if "\0" in path:
        return "whose name hides its end"
    if path.startswith("/") or re.match("[A-Za-z]:", path) or ".." in path.split("/"):
        return "a name that leads out of its folder"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "which only points to another place"
    return None


def _overlap(entries: Sequence[zipfile.ZipInfo], end: int) -> bool:
    """Whether two entries share bytes, or one runs into the list of entries, which begins at `end`."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    # 30 bytes is the least that stands before an entry's content.
    ends = [entry.header_offset + 30 + entry.compress_size for entry in ordered]
    following = [*(entry.header_offset for entry in ordered[1:]), end]
    return any(map(operator.gt, ends, following))


class _DirectoryTooLarge(Exception):
    """The list of entries of a zip file is larger than LARGEST_DIRECTORY."""


class _Bounded(io.RawIOBase):
    """A file of which no more than LARGEST_DIRECTORY bytes can be read at once, as a zip file's list of entries is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_DIRECTORY:
            raise _DirectoryTooLarge
        return self._file.read(size if size >= 0 else LONGEST_END)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True
