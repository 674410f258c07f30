"""CSV records out of lines of bytes. One that cannot be read costs itself, never the rest of the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.item import Rejected
from connectors.lines import LONGEST, Line

# A quoted field may hold line ends, but no comment has this many: a quote was never closed.
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record that begins on line `number`, and its bytes."""

    number: int
    cells: list[str]
    raw: bytes


class _NeverClosed(Exception):
    """A quote was opened and not closed within reason."""


def read_records(lines: Iterator[Line], where: str, delimiter: str = ",") -> Iterator[Record | Rejected]:
    """The records of RFC 4180 in `lines`. `where` names the file in the reason of what is rejected.

    A record whose quote is never closed costs its first line: reading goes on with the next one.
    """
    csv.field_size_limit(2 * LONGEST)
    ahead: deque[Line] = deque()
    while first := _next(ahead, lines):
        if first.too_long:
            yield Rejected(f"Line {first.number} of {where} is longer than 1 MB.", first.raw)
            continue
        if not first.raw.strip():
            continue
        taken: list[Line] = [first]
        try:
            cells = next(csv.reader(_feed(first, taken, ahead, lines), delimiter=delimiter, strict=True))
        except (_NeverClosed, csv.Error, StopIteration):
            ahead.extendleft(reversed(taken[1:]))
            reason = f"Line {first.number} of {where} is not CSV: a quote in it is never closed, or stands alone."
            yield Rejected(reason, first.raw)
            continue
        raw = b"\n".join(line.raw for line in taken)
        yield Record(first.number, cells, raw)


def _next(ahead: deque[Line], lines: Iterator[Line]) -> Line | None:
    return ahead.popleft() if ahead else next(lines, None)


def _feed(first: Line, taken: list[Line], ahead: deque[Line], lines: Iterator[Line]) -> Iterator[str]:
    """Lines as text for one record, noting what it takes. Bytes that are no UTF-8 pass as surrogates, to be found later."""
    yield first.raw.decode("utf-8", "surrogateescape") + "\n"
    size = len(first.raw)
    while line := _next(ahead, lines):
        taken.append(line)
        size += len(line.raw)
        if size > LONGEST or len(taken) > MOST_LINES:
            raise _NeverClosed
        yield line.raw.decode("utf-8", "surrogateescape") + "\n"
    raise _NeverClosed
