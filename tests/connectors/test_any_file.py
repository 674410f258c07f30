"""Import files of any content: what was written comes back, and no bytes end an import without a sentence."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import Refused
from connectors.files import KINDS
from connectors.item import Item
from tests.connectors.import_files import BYTE_ORDER_MARK, Read, as_csv, line

# Hypothesis would call a fixture of one test for all examples a mistake; here each example writes the file anew.
SAME_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&<\r"), max_size=40)
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "platform": st.sampled_from(["facebook", "x", "google"]),
            "kind": st.sampled_from(KINDS),
            "id": IDS,
            "text": WORDS,
            "author_name": WORDS,
            "rating": st.sampled_from(["", "1", "4.5", "5"]),
            "created_at": st.sampled_from(["", "2026-10-31T14:05:06+00:00"]),
            "Branch": WORDS,
        }
    ),
    min_size=1,
    max_size=8,
)


def expected_of(row: dict[str, str]) -> Item:
    return Item(
        platform=row["platform"],
        kind=row["kind"],  # type: ignore[arg-type]
        id=row["id"],
        text=row["text"],
        author_name=row["author_name"] or None,
        rating=float(row["rating"]) if row["rating"] else None,
        created_at=datetime.fromisoformat(row["created_at"]) if row["created_at"] else None,
        media=[],
        raw=row,
    )


@SAME_FILE
@given(rows=ROWS)
def test_json_lines_come_back_as_they_were_written(rows: list[dict[str, str]], read: Read) -> None:
    """Any script, emoji, line end and quote survives the way through a file of JSON lines."""
    content = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    assert read(content) == ([expected_of(row) for row in rows], [])


@SAME_FILE
@given(rows=ROWS)
def test_csv_rows_come_back_as_they_were_written(rows: list[dict[str, str]], read: Read, tmp_path: Path) -> None:
    """The same through a spreadsheet's CSV."""
    path = as_csv([list(rows[0]), *([row[name] for name in rows[0]] for row in rows)], tmp_path / "rows.csv")
    assert read(path.read_bytes()) == ([expected_of(row) for row in rows], [])


PIECES = [
    b"platform,id,text,rating,created_at,media\n", b"platform", b"id", b"text", b'"', b'""', b",", b"\n", b"\r\n", b"\r",
    b"{", b"}", b"[", b"]", b":", b'{"platform":"x","id":"1","text":"', b'"}\n', b'","rating":', b'","created_at":"',
    b'","media":[', b"1e999", b"-0", b"true", b"null", b"NaN", b"\\ud800", b"\\u0000", b"\0", b"\xff", b"\xef\xbb\xbf",
    b"&#", b"&#x", b"9" * 5_000, b"&amp;", b";", b"<a href=", b"<br>", b"x,1,a,5,2026-01-01,[]\n", b"x,2,", b"31/12/", b" ",
]  # fmt: skip
MANGLED = st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=30).map(b"".join)


@settings(SAME_FILE, max_examples=600)
@given(
    content=MANGLED | st.builds(bytes.__add__, st.sampled_from([PIECES[0], line()]), MANGLED) | st.binary(),
    mapping=st.sampled_from([[], ["text=id"], ["platform==x", "id=text"], ["rating=rating.a"]]),
)
def test_no_bytes_raise_anything_but_refused(content: bytes, mapping: list[str], read: Read) -> None:
    """A file made to break the import is refused in a sentence or read; what is read can be written to the history."""
    try:
        items, rejected = read(content, *mapping)
    except Refused as error:
        assert str(error).startswith("comments.txt ") and str(error).endswith(".")
        return
    for item in items:
        assert item.platform and item.id and item.kind in KINDS
        orjson.dumps(item)
    assert all(re.match(r"Line \d+ of comments.txt ", record.reason) for record in rejected)
    # Every line is an item or rejected; only a quoted cell of CSV may hold several lines.
    lines = [one for one in content.removeprefix(BYTE_ORDER_MARK).split(b"\n") if one.strip()]
    if lines[0].lstrip()[:1] in (b"{", b"["):
        assert len(items) + len(rejected) == len(lines)
