"""Answers as text: machines can read them, spreadsheets cannot be made to run them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from warehouse.formats import to_csv, to_json, to_text
from warehouse.query import QueryResult

# What a TIMESTAMP without a zone gives: the time of whatever clock AT TIME ZONE was asked for.
NAIVE = datetime(2026, 6, 1, 12)  # noqa: DTZ001
NOON = datetime(2026, 6, 1, 13, 0, 5, 250000, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("value", "as_json", "as_text"),
    [
        (None, None, ""),
        (True, True, "true"),
        (17, 17, "17"),
        (2**70, str(2**70), str(2**70)),
        (0.5, 0.5, "0.5"),
        (float("nan"), None, ""),
        (float("inf"), None, ""),
        ("Llŷn 💚", "Llŷn 💚", "Llŷn 💚"),
        (NOON, "2026-06-01T12:00:05.250000Z", "2026-06-01T12:00:05.250000Z"),
        (NAIVE, "2026-06-01T12:00:00", "2026-06-01T12:00:00"),
        (date(2026, 6, 1), "2026-06-01", "2026-06-01"),
        (time(12, 0), "12:00:00", "12:00:00"),
        (timedelta(days=1), "1 day, 0:00:00", "1 day, 0:00:00"),
        (Decimal("1.10"), "1.10", "1.10"),
        (UUID(int=1), str(UUID(int=1)), str(UUID(int=1))),
        (b"a\xffb", "a\\xffb", "a\\xffb"),
        ([NAIVE], ["2026-06-01T12:00:00"], '["2026-06-01T12:00:00"]'),
        ([1, None, NOON], [1, None, "2026-06-01T12:00:05.250000Z"], '[1,null,"2026-06-01T12:00:05.250000Z"]'),
        ({"a": {1: b"x"}}, {"a": {"1": "x"}}, '{"a":{"1":"x"}}'),
    ],
)
def test_every_value_of_duckdb_has_a_plain_form(value: object, as_json: object, as_text: str) -> None:
    """No answer may end in an error because of what stands in a cell."""
    result = QueryResult(["it"], [(value,)])
    assert json.loads(to_json(result)) == [{"it": as_json}]
    assert to_text(value) == as_text
    assert list(csv.reader(io.StringIO(to_csv(result), newline="")))[1:] == [[as_text] if as_text else [""]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 1632 960", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]
)
def test_text_that_a_spreadsheet_would_run_is_text(text: str) -> None:
    """Comments come from strangers, and PIVOT makes names of columns from them; the Chair opens a spreadsheet."""
    [[head, _], [cell, number]] = csv.reader(io.StringIO(to_csv(QueryResult([text, "n"], [(text, -1)])), newline=""))
    assert (head, cell, number) == (f"'{text}", f"'{text}", "-1")


def test_csv_keeps_commas_quotes_and_line_ends() -> None:
    """RFC 4180: what was one cell is one cell."""
    row = ('a, "b"\nc', "", "é")
    written = to_csv(QueryResult(["a", "b", "c"], [row]))
    assert list(csv.reader(io.StringIO(written, newline=""))) == [["a", "b", "c"], list(row)]
    assert written.startswith("a,b,c\r\n")


def test_an_empty_answer_is_still_an_answer() -> None:
    """A program that reads it gets a header, or an empty list."""
    nothing = QueryResult(["a", "b"], [])
    assert (to_csv(nothing), json.loads(to_json(nothing))) == ("a,b\r\n", [])
