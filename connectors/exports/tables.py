"""CSV files of exports: which table one is, and its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import BinaryIO

from connectors.csv_table import Numbered, read_rows
from connectors.exports.shapes import Table
from connectors.item import Rejected
from connectors.lines import read_lines

# LinkedIn explains its tables in a few lines above them.
LINES_ABOVE = 20
LONGEST_HEADER = 64 * 1024
# Columns that any file may have which is written as docs/import.md says.
OURS = {"platform", "id", "text"}


@dataclass(frozen=True, slots=True)
class Header:
    """The row of column names of a table: its line, and what stands between its cells."""

    table: Table
    number: int
    delimiter: str


def find_header(file: BinaryIO, tables: Sequence[Table]) -> Header | None:
    """The first line of `file` that names all columns of one of `tables`; None where none of the first lines does."""
    for line in islice(read_lines(file), LINES_ABOVE):
        if line.too_long or len(line.raw) > LONGEST_HEADER:
            return None
        for delimiter in ",;\t":
            columns = set(_columns(line.raw, delimiter))
            if columns >= OURS:
                return None
            for table in tables:
                if columns >= table.columns:
                    return Header(table, line.number, delimiter)
    return None


def rows_of(file: BinaryIO, header: Header, where: str) -> Iterator[Numbered | Rejected]:
    """The rows below `header`; see csv_table.read_rows."""
    return read_rows(dropwhile(lambda line: line.number < header.number, read_lines(file)), where, header.delimiter)


def _columns(raw: bytes, delimiter: str) -> list[str]:
    try:
        return [cell.strip().lower() for cell in next(csv.reader([raw.decode("utf-8")], delimiter=delimiter), [])]
    except (UnicodeDecodeError, csv.Error):
        return []
