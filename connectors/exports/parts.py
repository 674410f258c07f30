"""The recognised files of an export, entry by entry, as pages of items."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import orjson

from connectors.errors import Refused
from connectors.exports.json_lists import CutOff, Entry, Opened, read_lists
from connectors.exports.shapes import Export, Found, Owner, Shape
from connectors.exports.tables import Header, rows_of
from connectors.gathered import Gathered
from connectors.item import Item, Page, Rejected
from connectors.json_values import check_storable
from connectors.lines import LONGEST

# An entry is at most two items, a review and the reply to it: 20,000 items a page.
ENTRIES_A_PAGE = 10_000
BYTES_A_PAGE = 16 * 1024 * 1024
# Of so many it can be remembered which version is the newest.
MOST_VERSIONS = 500_000
# Where an entry stands: the number of its file, and its own in that.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an export: what messages call it, how to open it at its beginning, and what it has been recognised by."""

    where: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    export: Export
    known_by: Shape | Header
    owner: Owner


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of one entry, or what could not be read on; `size` is that of the entry in bytes."""

    found: Sequence[Found] = ()
    size: int = 0
    gap: str | None = None
    repeated: bool = False
    reposted: bool = False


def pages(parts: Sequence[Part], gaps: Sequence[str] = (), notes: Sequence[str] = ()) -> Iterator[Page]:
    """All entries of `parts`, in the order of the files; `gaps` and `notes` are said on the last page.

    An entry that is no item is rejected with its number, or the number of its line, and its bytes. Raises Refused for more
    than MOST_VERSIONS entries of which only the newest version counts.
    """
    parts, newest = _with_names(parts), _newest(parts)
    gathered, entries, size, repeated, reposted = Gathered(), 0, 0, 0, 0
    for number, part in enumerate(parts):
        for read in _entries(part, number, newest):
            gathered.take(read.found)
            gathered.gaps += [read.gap] if read.gap else []
            repeated += read.repeated
            reposted += read.reposted
            entries, size = entries + 1, size + read.size
            if entries == ENTRIES_A_PAGE or size > BYTES_A_PAGE:
                yield gathered.page(None)
                gathered, entries, size = Gathered(), 0, 0
    gathered.gaps += gaps
    gathered.notes += notes
    if repeated:
        gathered.notes.append(
            f"Entries left out because a newer or the same version of them is in it, too: {repeated:,}."
        )
    if reposted:
        gathered.notes.append(f"Reposts left out because they are the words of others: {reposted:,}.")
    yield gathered.page(None)


def parsed(raw: bytes) -> Any:
    """The value of an entry. Raises ValueError, whose message ends a sentence, for what cannot be read or kept."""
    if len(raw) > LONGEST:
        raise ValueError("it is longer than 1 MB")
    try:
        value = orjson.loads(raw)
        orjson.dumps([value])
    except orjson.JSONDecodeError:
        raise ValueError("it is not JSON in UTF-8") from None
    except orjson.JSONEncodeError:
        raise ValueError("it is nested too deeply") from None
    return value


def _entries(part: Part, number: int, newest: dict[str, tuple[str, Place]]) -> Iterator[_Read]:
    with part.open() as file:
        if isinstance(part.known_by, Header):
            yield from _rows(file, part, part.known_by)
            return
        try:
            for entry in read_lists(file):
                if isinstance(entry, Opened) or not (shapes := _shapes(part, entry.name)):
                    continue
                if _is_older(entry, part, (number, entry.number), newest):
                    yield _Read(repeated=True)
                else:
                    yield _read(entry, part, shapes)
        except CutOff as cut:
            rejected = [Rejected(f"The end of {part.where} could not be read: {cut}.", cut.raw)] if cut.raw else []
            yield _Read(rejected, gap=f"{part.where} could not be read to its end: {cut}.")


def _rows(file: BinaryIO, part: Part, header: Header) -> Iterator[_Read]:
    private = header.table.private
    for record in rows_of(file, header, part.where):
        if isinstance(record, Rejected):
            # Which of its cells are private cannot be told; quarantine keeps apart what differs in its bytes.
            kept = replace(record, raw=record.reason.encode()) if private else record
            yield _Read([kept], len(record.raw))
            continue
        number, row, raw = record
        if private:
            public = {column: value for column, value in row.items() if not private.search(column.lower())}
            row, raw = public, _blanked(row, public, header.delimiter)
        found: list[Found] = []
        try:
            check_storable(row)
            cells = {column.lower(): value for column, value in row.items()}
            found += (
                _placed(one, f"Line {number} of {part.where}") for one in header.table.items(cells, row, part.owner)
            )
        except ValueError as error:
            found.append(Rejected(f"Line {number} of {part.where} could not be read: {error}.", raw))
        yield _Read(found, len(raw))


def _blanked(row: Mapping[str, str], public: Mapping[str, str], delimiter: str) -> bytes:
    """The bytes of a row in which each cell is blank that is not `public`."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="").writerow([public.get(column, "") for column in row])
    return written.getvalue().encode()


def _read(entry: Entry, part: Part, shapes: Sequence[Shape]) -> _Read:
    """The items of an entry, up to what could not be read of it; none of a repost."""
    found: list[Found] = []
    place = f"Entry {entry.number} of {part.where}"
    try:
        value = parsed(entry.raw)
        if part.export.is_repost and part.export.is_repost(value):
            return _Read(size=len(entry.raw), reposted=True)
        check_storable(value)
        shape = next((shape for shape in shapes if shape.fits(value)), shapes[0])
        for one in shape.items(value, part.owner):
            found.append(_placed(one, place))
    except ValueError as error:
        found.append(Rejected(f"{place} could not be read: {error}.", entry.raw))
    return _Read(found, len(entry.raw))


def _placed(one: Found, place: str) -> Found:
    return one if isinstance(one, Item) else replace(one, reason=f"{place}: {one.reason}")


def _shapes(part: Part, name: str) -> list[Shape]:
    """The shapes that entries of the list `name` can have, the one that the file was recognised by first."""
    shapes = [shape for shape in part.export.shapes if shape.lists.fullmatch(name)]
    return sorted(shapes, key=lambda shape: shape is not part.known_by)


def _with_names(parts: Sequence[Part]) -> list[Part]:
    """`parts` with the owner's name where only a handle is known: the name that stands beside all that names an author.

    Where there are several, which of them is the owner's cannot be told.
    """
    names: dict[str, set[str]] = {}
    for part in parts:
        if part.export.authors and part.owner.handle and not part.owner.name:
            names.setdefault(part.export.looked_for, set()).update(_authors(part))
    return [
        replace(part, owner=replace(part.owner, name=next(iter(found))))
        if len(found := names.get(part.export.looked_for, set())) == 1
        else part
        for part in parts
    ]


def _authors(part: Part) -> Iterator[str]:
    if not part.export.authors or isinstance(part.known_by, Header):
        return
    with part.open() as file:
        for entry in _up_to_its_end(file):
            if _shapes(part, entry.name):
                with suppress(ValueError):
                    yield from part.export.authors(parsed(entry.raw))


def _newest(parts: Sequence[Part]) -> dict[str, tuple[str, Place]]:
    """Version and place of the newest version, by id, of the entries that may stand in an export more than once."""
    newest: dict[str, tuple[str, Place]] = {}
    for number, part in enumerate(parts):
        if not part.export.version or isinstance(part.known_by, Header):
            continue
        with part.open() as file:
            for entry in _up_to_its_end(file):
                if not (told := _version(entry, part)):
                    continue
                name, version = told
                if name not in newest or version > newest[name][0]:
                    newest[name] = version, (number, entry.number)
                if len(newest) > MOST_VERSIONS:
                    raise Refused(
                        f"{part.where} and the files beside it hold more than {MOST_VERSIONS:,} entries. "
                        "Unpack the download and import its files one by one."
                    )
    return newest


def _up_to_its_end(file: BinaryIO) -> Iterator[Entry]:
    try:
        yield from (entry for entry in read_lists(file) if isinstance(entry, Entry))
    except CutOff:
        return


def _version(entry: Entry, part: Part) -> tuple[str, str] | None:
    if not part.export.version or not _shapes(part, entry.name):
        return None
    try:
        return part.export.version(parsed(entry.raw))
    except ValueError:
        return None


def _is_older(entry: Entry, part: Part, place: Place, newest: dict[str, tuple[str, Place]]) -> bool:
    told = _version(entry, part) if newest else None
    return told is not None and newest[told[0]][1] != place
