"""An answer as a workbook of Excel (XLSX): text stays text, times are times, and nothing is cut in silence."""

from __future__ import annotations

import io
import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from warehouse.formats import to_text
from warehouse.query import QueryError, QueryResult

# "Excel specifications and limits" (Microsoft): of a sheet, and of a cell, whose characters are counted in UTF-16.
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
# What XML 1.0 cannot hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EXACT_UP_TO = 10**15  # Excel keeps 15 digits
FIRST_YEAR = 1901  # Excel counts from 1900 on, and takes that for a leap year


def to_xlsx(result: QueryResult) -> bytes:
    """One sheet with a header. Text is never a formula or a link; times are in UTC and say so; control characters go.

    Raises QueryError, which says where, for what a sheet of Excel cannot hold.
    """
    if len(result.rows) > MOST_ROWS - 1 or len(result.columns) > MOST_COLUMNS:
        raise QueryError(
            f"The answer has {len(result.rows):,} rows and {len(result.columns):,} columns. A sheet of Excel holds "
            f"{MOST_ROWS - 1:,} rows below its header and {MOST_COLUMNS:,} columns. Ask for less, or use --format csv."
        )
    written = io.BytesIO()
    # Times go in as the numbers that Excel has for them; nothing is made of a text that looks like something else.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(written, options) as book:
        sheet = book.add_worksheet("answer")
        head = book.add_format({"bold": True})
        time = book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(result.columns):
            sheet.write_string(0, place, _text(name, name, 0), head)
        for number, row in enumerate(result.rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, result.columns[place], time, day)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(result.columns) - 1, 0), 22)
    return written.getvalue()


def _write(sheet: Worksheet, number: int, place: int, value: Any, column: str, time: Format, day: Format) -> None:
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
            utc = value.astimezone(UTC) if value.tzinfo else value
            sheet.write_datetime(number, place, utc.replace(tzinfo=None), time)
        case date() if not isinstance(value, datetime) and value.year >= FIRST_YEAR:
            sheet.write_datetime(number, place, value, day)
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
