"""An answer as a workbook of Excel (XLSX): text stays text, times are times, and nothing is cut in silence."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from warehouse.formats import to_text
from warehouse.query import QueryError

# "Excel specifications and limits" (Microsoft): of a sheet, and of a cell, whose characters are counted in UTF-16.
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
# What XML 1.0 cannot hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EXACT_UP_TO = 10**15  # Excel keeps 15 digits
FIRST_YEAR = 1901  # Excel counts from 1900 on, and takes that for a leap year


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: Path) -> None:
    """One sheet with a header, written row by row, with scratch files beside `file` until it is done. Text is never a formula
    or a link; a time that is in UTC says so; control characters go.

    Raises QueryError, which says where, for what a sheet of Excel cannot hold.
    """
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f"{file.name[:100]}.") as scratch:
            _write_book(columns, rows, file, scratch)
    except FileCreateError as error:
        raise error.args[0] from None


def _write_book(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: Path, scratch: str) -> None:
    # Times go in as the numbers that Excel has for them; nothing is made of a text that looks like something else.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"constant_memory": True, "tmpdir": scratch, **options}) as book:
        sheet = book.add_worksheet("answer")
        head = book.add_format({"bold": True})
        looks = {
            "utc": book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        if len(columns) > MOST_COLUMNS:
            _refuse(sum(1 for _ in rows), len(columns))
        for place, name in enumerate(columns):
            sheet.write_string(0, place, _text(name, name, 0), head)
        counted = enumerate(rows, start=1)
        for number, row in counted:
            if number >= MOST_ROWS:
                _refuse(number + sum(1 for _ in counted), len(columns))
            for place, value in enumerate(row):
                _write(sheet, number, place, value, columns[place], looks)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(columns) - 1, 0), 22)


def _refuse(rows: int, columns: int) -> NoReturn:
    raise QueryError(
        f"The answer has {rows:,} rows and {columns:,} columns. A sheet of Excel holds "
        f"{MOST_ROWS - 1:,} rows below its header and {MOST_COLUMNS:,} columns. Ask for less, or use --format csv."
    )


def _write(sheet: Worksheet, number: int, place: int, value: Any, column: str, looks: Mapping[str, Format]) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(number, place, value)
        case float():
            if math.isfinite(value):
                sheet.write_number(number, place, value)
        case int() | Decimal() if -EXACT_UP_TO < value < EXACT_UP_TO:
            sheet.write_number(number, place, value)
        case datetime() if value.year >= FIRST_YEAR:
            utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(number, place, utc, looks["utc" if value.tzinfo else "time"])
        case date() if not isinstance(value, datetime) and value.year >= FIRST_YEAR:
            sheet.write_datetime(number, place, value, looks["day"])
        case _:
            sheet.write_string(number, place, _text(to_text(value), column, number))


def _text(text: str, column: str, number: int) -> str:
    """What the cell of this row (0: the header) can hold of the text. Raises QueryError if it is too long for one."""
    kept = FORBIDDEN.sub("", text)
    if (length := len(kept.encode("utf-16-le")) // 2) > MOST_CHARACTERS:
        raise QueryError(
            f"Row {number:,} has {length:,} characters in column {column!r}. A cell of Excel holds {MOST_CHARACTERS:,}. "
            f'Ask for left("{column}", {MOST_CHARACTERS // 2}), or use --format csv, which cuts nothing.'
        )
    return kept
