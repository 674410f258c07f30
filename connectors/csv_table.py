"""The rows of a CSV file, by the names in its row of column names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.csv_records import Record, read_records
from connectors.errors import Refused
from connectors.item import Rejected
from connectors.lines import Line

# A record, with the number of its line before it and its bytes behind it.
Numbered = tuple[int, Mapping[str, Any], bytes]


def read_rows(lines: Iterator[Line], where: str, delimiter: str = ",") -> Iterator[Numbered | Rejected]:
    """The rows of CSV `lines`, of which the first holds the names of the columns. `where` names the file.

    Raises Refused where the first line holds no names, or is not text in UTF-8.
    """
    records = read_records(lines, where, delimiter)
    header = next(records, None)
    if not isinstance(header, Record) or len(header.cells) < 2:
        raise Refused(f"{where} is neither JSON lines nor CSV: its first line is no row of column names.")
    if not is_text("".join(header.cells)):
        raise Refused(f"{where} is not text in UTF-8. Save it as CSV (UTF-8) or JSON lines.")
    names = _column_names(header.cells)
    for record in records:
        if isinstance(record, Rejected):
            yield record
        elif len(record.cells) != len(names):
            reason = f"Line {record.number} of {where} has {len(record.cells)} columns, the header has {len(names)}."
            yield Rejected(reason, record.raw)
        elif is_text("".join(record.cells)):
            yield record.number, dict(zip(names, record.cells, strict=True)), record.raw
        else:
            yield Rejected(f"Line {record.number} of {where} is not text in UTF-8.", record.raw)


def is_text(written: str) -> bool:
    """Whether `written` holds whole characters only."""
    return not any("\ud800" <= character <= "\udfff" for character in written) if not written.isascii() else True


def _column_names(cells: Sequence[str]) -> list[str]:
    """A second column of the same name becomes "text 2", so that the raw record keeps both."""
    names: dict[str, None] = {}
    times: Counter[str] = Counter()
    for cell in map(str.strip, cells):
        name = cell
        while name in names:
            times[cell] += 1
            name = f"{cell} {times[cell] + 1}"
        names[name] = None
    return list(names)
