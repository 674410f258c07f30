"""Answers as a workbook: read back as a spreadsheet program reads it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree

from warehouse.query import QueryError
from warehouse.spreadsheet import write_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = [
    "=1+1",
    "+44 1632",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "{=1+1}",
    "http://x.example/",
    "0012",
    "TRUE",
    "\t=1",
]


def workbook(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """What is written, with nothing left beside it, also where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "answer.xlsx")
        try:
            write_xlsx(columns, rows, file)
        finally:
            assert set(Path(folder).iterdir()) <= {file}
        return file.read_bytes()


def sheet(content: bytes) -> Any:
    """The XML of the only sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert not [name for name in book.namelist() if "rels/sheet" in name], "links to elsewhere"
        return etree.fromstring(book.read("xl/worksheets/sheet1.xml"))


def texts(content: bytes) -> list[str]:
    """The texts of the workbook, which lie in their cells."""
    return ["".join(one.itertext()) for one in sheet(content).iter(f"{MAIN}is")]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_strangers_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    """The Chair opens it with a double click; a comment must not run, and 0012 must stay what was written."""
    content = workbook([text], [(text,)])
    cells = list(sheet(content).iter(f"{MAIN}c"))
    assert [cell.get("t") for cell in cells] == ["inlineStr", "inlineStr"]
    assert not list(sheet(content).iter(f"{MAIN}f", f"{MAIN}hyperlink"))
    assert text in texts(content)


def test_what_xml_cannot_hold_is_left_out_and_the_rest_kept() -> None:
    """One control character in a comment would have Excel call the whole file damaged."""
    assert "ab é 💚\nc" in texts(workbook(["text"], [("a\x00\x1b\ufffeb é 💚\nc",)]))


def test_numbers_times_and_truths_are_what_they_are() -> None:
    """An analyst sums and sorts them; times are in UTC, also those that come with another zone."""
    noon = datetime(2026, 6, 1, 13, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    row = (
        7,
        0.5,
        Decimal("1.25"),
        True,
        None,
        noon,
        date(2026, 6, 1),
        2**70,
        datetime(1066, 10, 14, tzinfo=UTC),
        [1, 2],
    )
    content = workbook([f"c{place}" for place in range(len(row))], [row, (float("nan"), *row[1:])])
    cells = {cell.get("r"): cell for cell in sheet(content).iter(f"{MAIN}c")}
    assert [cells[at].findtext(f"{MAIN}v") for at in ("A2", "B2", "C2", "D2")] == ["7", "0.5", "1.25", "1"]
    assert "E2" not in cells and "A3" not in cells
    at = pd.Timestamp("1899-12-30") + pd.to_timedelta(float(cells["F2"].findtext(f"{MAIN}v")), unit="D")
    assert at.round("s") == pd.Timestamp("2026-06-01 12:00:05")
    assert {str(2**70), "1066-10-14T00:00:00Z", "[1,2]"} <= set(texts(content))


def test_only_a_time_in_utc_says_so() -> None:
    """What AT TIME ZONE 'Europe/London' gives is in summer an hour off."""
    here, long_ago = datetime(2026, 6, 1, 13), datetime(1066, 10, 14)  # noqa: DTZ001
    content = workbook(["utc", "here", "long_ago"], [(here.replace(tzinfo=UTC), here, long_ago)])
    cells = {cell.get("r"): cell for cell in sheet(content).iter(f"{MAIN}c")}
    assert cells["A2"].findtext(f"{MAIN}v") == cells["B2"].findtext(f"{MAIN}v")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        styles = etree.fromstring(book.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")}
    looks = [codes.get(one.get("numFmtId")) for one in styles.find(f"{MAIN}cellXfs")]
    assert [looks[int(cells[at].get("s"))] for at in ("A2", "B2")] == [
        'yyyy-mm-dd hh:mm:ss "UTC"',
        "yyyy-mm-dd hh:mm:ss",
    ]
    assert "1066-10-14T00:00:00" in texts(content)


def test_what_a_cell_cannot_hold_is_refused_with_its_place() -> None:
    """A comment cut in silence would be quoted as if it were whole. Excel counts an emoji as two."""
    assert workbook(["raw"], [("x" * 32_767,)])
    with pytest.raises(QueryError, match=r"Row 2 has 32,768 characters in column 'raw'.*csv"):
        workbook(["raw"], [("short",), ("💚" * 16_384,)])


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    """Excel would drop the rest of the history when it opens the file."""
    # Of empty cells, since rows are what is counted here: to write a million numbers takes a quarter of a minute.
    with pytest.raises(QueryError, match="1,048,576 rows and 1 columns"):
        workbook(["n"], [(None,)] * 1_048_576)


def test_an_empty_answer_has_its_header() -> None:
    assert texts(workbook(["a", "b"], [])) == ["a", "b"]
