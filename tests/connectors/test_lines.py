"""The lines of a file: their numbers and bytes are what a user finds a bad line by."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.lines import KEPT, LONGEST, Line, read_lines

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines_of(content: bytes) -> list[Line]:
    return list(read_lines(BytesIO(content)))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"one", [b"one"]),
        (b"one\n", [b"one"]),
        (b"one\r\ntwo\r\n", [b"one", b"two"]),
        (b"one\n\n\nfour", [b"one", b"", b"", b"four"]),
        (b"\n", [b""]),
        # What only looks like the end of a line: a comment may hold it.
        ("one\u2028still\x85one\x0bor\x0cother\rone\ntwo".encode(), None),
    ],
)
def test_lines_end_where_a_text_editor_ends_them(content: bytes, expected: list[bytes] | None) -> None:
    """A number in quarantine must lead to the line, with Unix or Windows line ends, with or without the last one."""
    found = lines_of(content)
    assert [line.raw for line in found] == (content.split(b"\n") if expected is None else expected)
    assert [line.number for line in found] == list(range(1, len(found) + 1))


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    """Excel writes one; the first column would not be found. Elsewhere in the file it is somebody's text."""
    found = lines_of(BYTE_ORDER_MARK + b"id\n" + BYTE_ORDER_MARK + b"1\n")
    assert [line.raw for line in found] == [b"id", BYTE_ORDER_MARK + b"1"]


def test_a_line_of_the_largest_size_is_whole() -> None:
    """The longest comment must not be lost for one byte."""
    assert [line.too_long for line in lines_of(b"x" * LONGEST + b"\r\n" + b"y" * (LONGEST + 1))] == [False, True]


@pytest.mark.parametrize("surplus", [-1, 0, 1, KEPT, KEPT + 1])
def test_a_line_beyond_all_bounds_is_cut_and_the_next_one_keeps_its_number(surplus: int) -> None:
    """One endless line must neither fill the memory nor shift the numbers of the lines behind it."""
    found = lines_of(b"first\n" + b"x" * (KEPT + surplus) + b"\nthird\n")
    assert [(line.number, line.too_long) for line in found] == [(1, False), (2, True), (3, False)]
    assert (len(found[1].raw), found[2].raw) == (min(KEPT, KEPT + surplus), b"third")


@given(st.lists(st.binary(max_size=40).filter(lambda raw: b"\n" not in raw and not raw.endswith(b"\r")), min_size=1))
def test_no_byte_is_lost(raws: list[bytes]) -> None:
    """Whatever bytes a file holds, quarantine can show them as they are."""
    found = lines_of(b"".join(raw + b"\r\n" for raw in [b"header", *raws]))
    assert [line.raw for line in found] == [b"header", *raws]
