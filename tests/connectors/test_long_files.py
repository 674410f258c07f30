"""Long import files: nothing is lost between pages, and memory stays flat."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.files import BYTES_A_PAGE, ITEMS_A_PAGE, read_file
from connectors.mapping import FieldMap
from tests.connectors.import_files import HEADER, Read, line


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["json", "csv"])
def test_all_lines_are_items_in_their_order(layout: str, read: Read) -> None:
    """No line is lost or doubled where one page ends and the next begins."""
    ids = [str(number) for number in range(2 * ITEMS_A_PAGE + 1)]
    rows = (b"x,%s,words\n" % one.encode() for one in ids)
    content = HEADER + b"".join(rows) if layout == "csv" else b"".join(line(id=one) for one in ids)
    items, rejected = read(content)
    assert ([item.id for item in items], rejected) == (ids, [])


def test_pages_are_of_bounded_size(tmp_path: Path) -> None:
    """A page is landed in one transaction: neither many lines nor long or broken ones may make it endless."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(line() * ITEMS_A_PAGE + b"broken\n" * (ITEMS_A_PAGE + 1))
    counts = [(len(page.items), len(page.rejected)) for page in read_file(path, FieldMap())]
    assert counts == [(ITEMS_A_PAGE, 0), (0, ITEMS_A_PAGE), (0, 1)]
    path.write_bytes(line(text="x" * 900_000) * 30 + (b"x" * 2_000_000 + b"\n") * 20)
    for page in read_file(path, FieldMap()):
        size = sum(len(item.text) for item in page.items) + sum(len(record.raw) for record in page.rejected)
        assert size < BYTES_A_PAGE + 2_000_000 + 1


# Long words, since whatever is allocated is traced here: each word costs the test, and none of them memory for long.
WORDS = ("w" * 49 + " ") * 135
MANY = {
    "many comments as JSON": lambda: line(text=WORDS) * 20_000,
    "many comments as CSV": lambda: HEADER + (b"x,1," + WORDS.encode() + b"\n") * 20_000,
    "long comments": lambda: line(text="x" * 900_000) * 150,
    "lines that are too long": lambda: line() + (b"x" * 3_000_000 + b"\n") * 45,
    "one line without an end": lambda: line() + b"x" * 135_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("content", MANY.values(), ids=MANY)
def test_memory_does_not_grow_with_the_file(content: Callable[[], bytes], tmp_path: Path) -> None:
    """An archive of years is imported on a small machine: a few pages are held, never the 135 MB of the file."""
    path = tmp_path / "archive.txt"
    path.write_bytes(content())
    tracemalloc.start()
    try:
        assert sum(len(page.items) + len(page.rejected) for page in read_file(path, FieldMap())) > 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 130_000_000 and peak < 90_000_000
