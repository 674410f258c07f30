"""CSV records: what a spreadsheet writes is read, and a broken row costs itself alone."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.csv_records import MOST_LINES, Record, read_records
from connectors.item import Rejected
from connectors.lines import LONGEST, read_lines

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=30)


def records_of(content: bytes) -> list[Record | Rejected]:
    return list(read_records(read_lines(BytesIO(content)), "survey.csv"))


def good(content: bytes) -> list[tuple[int, list[str]]]:
    return [(record.number, record.cells) for record in records_of(content) if isinstance(record, Record)]


def bad(content: bytes) -> list[tuple[str, bytes]]:
    return [(record.reason, record.raw) for record in records_of(content) if isinstance(record, Rejected)]


def test_a_record_has_the_number_of_its_first_line_and_all_its_bytes() -> None:
    """Comments have paragraphs: the line number in quarantine must still lead to the row."""
    content = b'id,text\r\n1,"first\r\n\r\nthird ""quoted"", and on"\r\n\r\n2,plain\r\n'
    assert records_of(content) == [
        Record(1, ["id", "text"], b"id,text"),
        Record(2, ["1", 'first\n\nthird "quoted", and on'], b'1,"first\n\nthird ""quoted"", and on"'),
        Record(6, ["2", "plain"], b"2,plain"),
    ]


@pytest.mark.parametrize("broken", [b'2,"never closed', b'2,"closed" and then words', b'2,"a "quoted" word"'])
def test_a_quote_that_stands_alone_costs_one_line(broken: bytes) -> None:
    """A stray quote must not swallow the comments behind it."""
    content = b"1,before\n" + broken + b"\n3,after\n4,later\n"
    assert good(content) == [(1, ["1", "before"]), (3, ["3", "after"]), (4, ["4", "later"])]
    reason = "Line 2 of survey.csv is not CSV: a quote in it is never closed, or stands alone."
    assert bad(content) == [(reason, broken)]


@pytest.mark.parametrize(
    "rows",
    [[b"row,row"] * 3 * MOST_LINES, [b"row," + b"x" * 9_000] * (2 * LONGEST // 9_000)],
    ids=["more lines than a record may hold", "more bytes than a record may hold"],
)
def test_an_open_quote_in_a_large_file_costs_one_line(rows: list[bytes]) -> None:
    """What was read ahead in search of the end of the quote is read again: nothing is left out, nothing comes twice."""
    content = b'1,"open\n' + b"\n".join(rows) + b"\n"
    assert [number for number, _ in good(content)] == list(range(2, len(rows) + 2))
    assert [raw for _, raw in bad(content)] == [b'1,"open']


def test_open_quotes_one_after_another_cost_their_own_lines() -> None:
    """Lines that were read ahead for one bad row must come back in order for the next."""
    content = b'x","1\nx","2\nx","3\ngood,4\n'
    assert [raw for _, raw in bad(content)] == [b'x","1', b'x","2', b'x","3']
    assert good(content) == [(4, ["good", "4"])]


def test_a_line_over_one_megabyte_is_refused_also_inside_a_quote() -> None:
    """A page pasted into a cell must not stop the import."""
    long = b"y" * (2 * LONGEST)
    content = b"1," + long + b'\n2,"open\n' + long + b"\n4,after\n"
    assert good(content) == [(4, ["4", "after"])]
    assert [(reason[:7], len(raw)) for reason, raw in bad(content)] == [
        ("Line 1 ", len(long) + 2),
        ("Line 2 ", 7),
        ("Line 3 ", len(long)),
    ]


def test_a_cell_may_be_as_long_as_a_line() -> None:
    """The csv module's own limit of 131,072 characters would refuse a long post."""
    assert [len(cells[1]) for _, cells in good(b'1,"' + b"z" * 900_000 + b'"\n')] == [900_000]


@given(st.lists(st.lists(ANY_TEXT, min_size=2, max_size=4), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], line_end: str) -> None:
    """Quotes, commas, line ends and any script come through an export as they were written."""
    rows = [["header", "row"], *([cell or "-" for cell in row] for row in rows)]
    written = StringIO()
    csv.writer(written, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [cells for _, cells in good(written.getvalue().encode())] == rows


@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"\r\n", b"a", b"\xe9", b"\0", b" ", b'""', b'","'])).map(b"".join))
def test_every_line_that_is_not_blank_is_in_a_record_or_rejected(content: bytes) -> None:
    """No row may vanish without a trace, however mangled the file is."""
    raws = [line for record in records_of(content) for line in record.raw.split(b"\n")]
    expected = [line.raw for line in read_lines(BytesIO(content))]
    assert [raw for raw in raws if raw.strip()] == [raw for raw in expected if raw.strip()]
