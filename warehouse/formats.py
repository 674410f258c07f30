"""Answers as text: JSON for machines, CSV that a spreadsheet cannot run, cells for a person."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from warehouse.query import QueryResult

# A spreadsheet takes a cell that begins so for a formula (OWASP ASVS 5.0, 1.2.10; the wide forms: OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def to_json(result: QueryResult) -> str:
    """One array of row objects; times in ISO 8601 UTC. Of columns that have the same name the last one stays."""
    rows = [dict(zip(result.columns, map(_plain, row), strict=True)) for row in result.rows]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()


def to_csv(result: QueryResult) -> str:
    """RFC 4180 with a header. Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    written = io.StringIO()
    writer = csv.writer(written)
    # PIVOT makes names of columns from what strangers wrote.
    writer.writerow(map(_cell, result.columns))
    writer.writerows([_cell(value) for value in row] for row in result.rows)
    return written.getvalue()


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
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case float() if not math.isfinite(value):
            return None
        case int() if not -(2**63) <= value < 2**64:
            return str(value)
        case Decimal() | UUID() | timedelta():
            return str(value)
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return [_plain(part) for part in value]
        case dict():
            return {str(name): _plain(part) for name, part in value.items()}
        case _:
            return value
