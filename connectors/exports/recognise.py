"""What a file is: an export that we know, by its shape, or something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

import orjson

from connectors.errors import Refused
from connectors.exports import (
    facebook_download,
    google_takeout,
    instagram_download,
    linkedin_page,
    trustpilot_csv,
    youtube_takeout,
)
from connectors.exports.json_lists import CutOff, Opened, read_lists
from connectors.exports.parts import Part, pages, parsed
from connectors.exports.shapes import Export, Owner, Shape
from connectors.exports.tables import Header, find_header
from connectors.exports.x_archive import EXPORT as X_ARCHIVE
from connectors.exports.x_archive import other_part
from connectors.item import Page
from connectors.lines import LONGEST

EXPORTS = (
    X_ARCHIVE,
    facebook_download.EXPORT,
    instagram_download.EXPORT,
    google_takeout.EXPORT,
    youtube_takeout.EXPORT,
    linkedin_page.EXPORT,
    trustpilot_csv.EXPORT,
)
LOOKED_FOR = "; ".join(export.looked_for for export in EXPORTS)
# A file shows what it is in its first entries.
FIRST_ENTRIES, FIRST_BYTES = 100, 16 * 1024 * 1024
MOST_BLANK_LINES = 10_000
# The lists of conversations: what is in them is never read, not even into quarantine.
CONVERSATIONS = {"messages", "participants", "conversations", "conversation"}


@dataclass(slots=True)
class Seen:
    """What the first entries of a JSON file show. `wrong` says, as the end of a sentence, for what it is often taken,
    `broken` why it could not be read on before it had shown what it is.
    """

    export: Export | None = None
    shape: Shape | None = None
    wrong: str | None = None
    broken: str | None = None
    lists: set[str] = field(default_factory=set)
    entries: int = 0
    objects: int = 0


def read_export(file: BinaryIO, where: str, owner: Owner) -> Iterator[Page] | None:
    """The pages of the export that a JSON, JavaScript or CSV file is, called `where` in messages; None if it is none.

    `owner` is whose export it is, which no such file says by itself.

    Raises Refused for the parts of exports that are never read, for one that is often taken for another, and for JSON that
    is neither an export nor one item a line.
    """
    file.seek(0)
    start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith((b"{", b"[", b"window.")):
        file.seek(0)
        table = recognise_table(file)
        return pages([Part(where, partial(_again, file), *table, owner)]) if table else None
    first = _first_object(file)
    if first is not None and "platform" in first:
        return None
    file.seek(0)
    seen = recognise_lists(file)
    # An object whose lists are all empty may as well be the first of many, one a line.
    if seen.export and seen.shape and (seen.entries or first is None):
        return pages([Part(where, partial(_again, file), seen.export, seen.shape, owner)])
    _refuse(seen, where, is_lines=first is not None)
    if seen.broken and start.startswith(b"window."):
        raise Refused(f"{where} could not be read: {seen.broken}. Download it again.")
    return None


def recognise_lists(file: BinaryIO) -> Seen:
    """What a JSON or JavaScript file shows of itself, which is at its beginning."""
    seen = Seen()
    try:
        for one in read_lists(_Beginning(file)):
            seen.lists.add(one.name)
            if isinstance(one, Opened):
                continue
            seen.entries += 1
            try:
                value = parsed(one.raw)
            except ValueError:
                continue
            seen.objects += isinstance(value, dict)
            if _is_known(seen, one.name, value) or seen.entries >= FIRST_ENTRIES:
                return seen
    except CutOff as cut:
        seen.broken = str(cut)
        return seen
    if not seen.entries:
        # Nothing was written in the time that was asked for: the list is there, and empty.
        for export in EXPORTS:
            for shape in export.shapes:
                if any(name and shape.lists.fullmatch(name) for name in seen.lists):
                    seen.export, seen.shape = export, shape
                    return seen
    return seen


def recognise_table(file: BinaryIO) -> tuple[Export, Header] | None:
    """The export that a CSV file is, and its row of column names."""
    header = find_header(file, [table for export in EXPORTS for table in export.tables])
    return next(((export, header) for export in EXPORTS if header and header.table in export.tables), None)


def _is_known(seen: Seen, name: str, value: Any) -> bool:
    for export in EXPORTS:
        if export.wrong and (words := export.wrong(value)):
            seen.wrong = words
            return True
        for shape in export.shapes:
            if shape.lists.fullmatch(name) and shape.fits(value):
                seen.export, seen.shape = export, shape
                return True
    return False


def _refuse(seen: Seen, where: str, *, is_lines: bool) -> None:
    """Raises Refused for what is better not read as items, one a line."""
    if seen.wrong:
        raise Refused(f"{where} {seen.wrong}")
    if part := next(filter(None, map(other_part, seen.lists)), None):
        raise Refused(f"{where} is the part {part!r} of an X archive, which is not read: posts are in data/tweets.js.")
    if seen.lists & CONVERSATIONS:
        raise Refused(f"{where} holds messages between people, which are never read.")
    if seen.objects and not is_lines:
        raise Refused(f"{where} is neither one item a line nor an export that we know. Looked for: {LOOKED_FOR}.")


def _first_object(file: BinaryIO) -> dict[str, Any] | None:
    """The first line that is not blank, where it is a JSON object by itself, as in JSON lines."""
    file.seek(0)
    lines = (file.readline(LONGEST) for _ in range(MOST_BLANK_LINES))
    try:
        value = orjson.loads(next(filter(bytes.strip, lines), b"").removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


@contextmanager
def _again(file: BinaryIO) -> Iterator[BinaryIO]:
    file.seek(0)
    yield file


class _Beginning:
    """The first FIRST_BYTES of a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = FIRST_BYTES

    def read(self, size: int) -> bytes:
        chunk = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk
