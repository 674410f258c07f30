"""Import: exports of the platforms, and JSON lines or CSV in UTF-8, one item a line (docs/import.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args

import orjson

from connectors.csv_table import Numbered, is_text, read_rows
from connectors.dates import read_date
from connectors.errors import Refused
from connectors.exports.in_zip import read_zip
from connectors.exports.recognise import read_export
from connectors.exports.shapes import Owner
from connectors.item import Item, Kind, Media, Page, Rejected
from connectors.lines import Line, read_lines
from connectors.mapping import FieldMap
from connectors.plain_text import plain_text

ITEMS_A_PAGE = 20_000
# A page of long lines ends earlier, so that it fits into memory.
BYTES_A_PAGE = 16 * 1024 * 1024
# How a zip file begins, and an empty one.
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PLATFORM = re.compile(r"[a-z][a-z0-9_-]{0,31}")
KINDS = get_args(Kind)
# Anything else may be somebody's words, in the wrong column, and coverage is kept when they are erased.
_LIKE_A_DATE = re.compile(
    r"\d{1,4}[/. \-]\d{1,2}[/. \-]\d{1,4}(?:[ T,]+\d{1,2}(?:[:.]\d\d){0,2} ?(?:[ap]m)?)?", re.IGNORECASE
)


class _Unusable(Exception):
    """A record is no item; the message says why, as the end of a sentence."""


class _UnreadTimes:
    """The times of a file that could not be read: how many there are, and the first one as an example."""

    def __init__(self) -> None:
        self._number, self._first = 0, ""

    def add(self, written: str, line: int, where: str) -> None:
        """Count one more, written so on this line."""
        self._number += 1
        shown = repr(written) if _LIKE_A_DATE.fullmatch(written) else "that"
        self._first = self._first or f"{shown} on line {line} of {where}"

    def gaps(self) -> list[str]:
        """What a page says of them, if there are any."""
        if self._number == 1:
            return [f"The time of 1 item could not be read, {self._first}: it was kept without."]
        many = f"The times of {self._number:,} items could not be read, such as {self._first}: they were kept without."
        return [many] if self._number else []


def read_file(path: Path, mapping: FieldMap, read_up_to: Callable[[int], None] | None = None) -> Iterator[Page]:
    """The items of a file, in pages of at most ITEMS_A_PAGE items; memory does not grow with the file.

    An export is recognised by its shape, unless a mapping says what the columns are; one that gives nothing but the handle
    of the author says whose export it is. In any other file that is the author of what names nobody, a line that is no item
    goes to quarantine with its number and its bytes, a date that is not understood leaves `created_at` empty (the raw record
    keeps it; a gap on the last page says how many there are), and without a kind a record with a rating is a review, any
    other a comment.
    `read_up_to` is told with each page where in the file its reading is, in bytes.
    Raises Refused for a file that is none of these, lacks a column that the mapping names, or is made to do harm.
    """
    with path.open("rb") as file:
        for page in _read(file, _name(path), mapping):
            if read_up_to:
                read_up_to(file.tell())
            yield page


def _read(file: BinaryIO, where: str, mapping: FieldMap) -> Iterator[Page]:
    start = file.read(4096).removeprefix(b"\xef\xbb\xbf")
    while start.isspace():
        start = file.read(4096)
    if not start:
        raise Refused(f"{where} is empty.")
    owner = Owner()
    if not mapping.columns and mapping.fixed.keys() <= {"author_handle"}:
        owner, mapping = Owner(handle=mapping.fixed.get("author_handle")), FieldMap()
        if start.startswith(ZIP):
            yield from read_zip(file, where, owner)
            return
        if (pages := read_export(file, where, owner)) is not None:
            yield from pages
            return
    if b"\0" in start[:4] or start.startswith(
        (*ZIP, b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff", b"%PDF")
    ):
        raise Refused(f"{where} is not text in UTF-8. Save it as CSV (UTF-8) or JSON lines.")
    file.seek(0)
    is_json = start.lstrip()[:1] in (b"{", b"[")
    read = _json_records if is_json else read_rows
    for page in _pages(read(read_lines(file), where), mapping, where):
        yield replace(page, items=[_with_author(item, owner) for item in page.items]) if owner.handle else page


def _pages(records: Iterator[Numbered | Rejected], mapping: FieldMap, where: str) -> Iterator[Page]:
    first = True
    unread = _UnreadTimes()
    for some in _slices(records):
        if first:
            mapping.check([record[1] for record in some if not isinstance(record, Rejected)], where)
            first = False
        yield _page(some, mapping, where, unread)
    if gaps := unread.gaps():
        yield Page(gaps=gaps)


def _with_author(item: Item, owner: Owner) -> Item:
    """The item as `owner`'s where it names no author. A review is of somebody else, whether it says of whom or not."""
    if item.kind == "review" or item.author_id or item.author_name or item.author_handle:
        return item
    return replace(item, author_handle=owner.handle)


def _slices(records: Iterator[Numbered | Rejected]) -> Iterator[list[Numbered | Rejected]]:
    """The records of one page after another."""
    some: list[Numbered | Rejected] = []
    size = 0
    for record in records:
        some.append(record)
        size += len(record.raw if isinstance(record, Rejected) else record[2])
        if len(some) == ITEMS_A_PAGE or size > BYTES_A_PAGE:
            yield some
            some, size = [], 0
    yield some


def _page(records: Sequence[Numbered | Rejected], mapping: FieldMap, where: str, unread: _UnreadTimes) -> Page:
    items: list[Item] = []
    rejected: list[Rejected] = []
    for record in records:
        if isinstance(record, Rejected):
            rejected.append(record)
            continue
        number, cells, raw = record
        fields = mapping.take(cells)
        try:
            item = _item(fields, cells)
        except _Unusable as error:
            rejected.append(Rejected(f"Line {number} of {where} {error}", raw))
            continue
        items.append(item)
        if item.created_at is None and (written := str(fields.get("created_at", "")).strip()):
            unread.add(written, number, where)
    return Page(items=items, rejected=rejected)


def _json_records(lines: Iterator[Line], where: str) -> Iterator[Numbered | Rejected]:
    for line in lines:
        if line.too_long:
            yield Rejected(f"Line {line.number} of {where} is longer than 1 MB.", line.raw)
        elif line.raw.strip():
            try:
                record = orjson.loads(line.raw)
                # What is nested too deeply to be written again could not be kept.
                orjson.dumps([record])
            except orjson.JSONEncodeError as error:
                yield Rejected(f"Line {line.number} of {where} cannot be kept: {error}.", line.raw)
                continue
            except orjson.JSONDecodeError as error:
                yield Rejected(f"Line {line.number} of {where} is not JSON in UTF-8: {error}.", line.raw)
                continue
            if isinstance(record, dict):
                yield line.number, record, line.raw
            else:
                yield Rejected(f"Line {line.number} of {where} is not a JSON object, one a line.", line.raw)


def _item(fields: dict[str, Any], record: Mapping[str, Any]) -> Item:
    """The item of a record's fields. Raises _Unusable where one that is needed is missing or has no meaning."""
    rating = _rating(fields.get("rating"))
    text = plain_text(_string(fields, "text"))
    if "text" not in fields and rating is None:
        raise _Unusable("has no text.")
    kind = _string(fields, "kind") or ("review" if rating is not None else "comment")
    if kind not in KINDS:
        raise _Unusable(f"has the kind {kind[:40]!r}; items are {', '.join(KINDS)}.")
    platform = _string(fields, "platform").strip().lower()
    if not platform:
        raise _Unusable("has no platform.")
    if not PLATFORM.fullmatch(platform):
        raise _Unusable(f"has the platform {platform[:40]!r}; it must be one lower-case word.")
    if not (own_id := _id(fields, "id")):
        raise _Unusable("has no id.")
    return Item(
        platform=platform,
        id=own_id,
        kind=cast(Kind, kind),
        text=text,
        parent_id=_id(fields, "parent_id") or None,
        thread_id=_id(fields, "thread_id") or None,
        author_id=_id(fields, "author_id") or None,
        author_name=plain_text(_string(fields, "author_name")) or None,
        author_handle=_string(fields, "author_handle") or None,
        rating=rating,
        url=_string(fields, "url") or None,
        created_at=read_date(fields["created_at"]) if "created_at" in fields else None,
        parent_text=plain_text(_string(fields, "parent_text")) or None,
        media=_media(fields.get("media")),
        raw=record,
    )


def _id(fields: Mapping[str, Any], name: str) -> str:
    """An id as text. A number that has been rounded would make two items one."""
    value = fields.get(name)
    if isinstance(value, float):
        if not value.is_integer() or abs(value) > 2**53:
            raise _Unusable(f"has a number as its {name} that cannot be exact; write it in quotes.")
        return str(int(value))
    return _string(fields, name).strip()


def _string(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if isinstance(value, bool | list | dict):
        raise _Unusable(f"has a {name} that is no text.")
    written = str(value)
    if "\0" in written:
        raise _Unusable(f"has a NUL character in its {name}.")
    if not is_text(written):
        raise _Unusable(f"has half a character (a lone surrogate) in its {name}.")
    return written


def _rating(value: Any) -> float | None:
    if value is None:
        return None
    try:
        rating = float(str(value))
    except ValueError:
        raise _Unusable(f"has the rating {str(value)[:40]!r}, which is no number.") from None
    if not 1 <= rating <= 5:
        raise _Unusable(f"has the rating {rating:g}; ratings go from 1 to 5.")
    return rating


def _media(value: Any) -> list[Media]:
    """Media as a list of objects with type, url and text, a list of addresses, or one address."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value) if value.lstrip().startswith("[") else [value]
        except orjson.JSONDecodeError:
            value = [value]
    found = []
    for part in value if isinstance(value, list) else []:
        if isinstance(part, str):
            found.append(Media(type="file", url=part))
        elif isinstance(part, Mapping):
            kept = {name: str(part[name]) for name in ("url", "text") if part.get(name)}
            found.append(Media(type=str(part.get("type") or "file"), **kept))
    return found


def _name(path: Path) -> str:
    """The file's name for a message, without what could drive a terminal."""
    return "".join(character for character in path.name if character.isprintable())[:100]
