"""Answers as text: JSON for machines, CSV that a spreadsheet cannot run, cells for a person."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from warehouse.query import QueryResult

# A spreadsheet takes a cell that begins so for a formula (OWASP ASVS 5.0, 1.2.10; the wide forms: OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def to_json(result: QueryResult) -> str:
    """What `json_parts` gives, as one."""
    return "".join(json_parts(result.columns, result.rows))


def to_csv(result: QueryResult) -> str:
    """What `csv_parts` gives, as one."""
    return "".join(csv_parts(result.columns, result.rows))


def json_parts(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """One array of row objects, row by row; times in ISO 8601, a TIMESTAMPTZ in UTC, with its Z. No two columns may have the
    same name: an answer of warehouse.query has no such.
    """
    before = "["
    for row in rows:
        plain = dict(zip(columns, map(_plain, row), strict=True))
        written = orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
        yield before + f"\n{written}".replace("\n", "\n  ")
        before = ","
    yield "[]" if before == "[" else "\n]"


def csv_parts(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """RFC 4180 with a header, row by row. Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    writer = csv.writer(_Line())
    # PIVOT makes names of columns from what strangers wrote.
    yield writer.writerow(map(_cell, columns))
    for row in rows:
        yield writer.writerow(map(_cell, row))


class _Line:
    """What csv.writer writes to, so that its writerow gives the line."""

    def write(self, line: str) -> str:
        return line


def to_text(value: Any) -> str:
    """A value as a person reads it; nothing for NULL."""
    plain = _plain(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _cell(value: Any) -> str:
    text = to_text(value)
    return f"'{text}" if isinstance(value, str | bytes) and text.startswith(FORMULA) else text


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    match value:
        case datetime() if value.tzinfo:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case float() if not math.isfinite(value):
            return None
        case int() if not -(2**63) <= value < 2**64:
            return str(value)
        case Decimal() | UUID() | timedelta():
            return str(value)
        # A time without a zone may be that of any clock, such as what AT TIME ZONE gives: it gets no Z.
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return [_plain(part) for part in value]
        case dict():
            return {str(name): _plain(part) for name, part in value.items()}
        case _:
            return value
