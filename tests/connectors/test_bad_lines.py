"""Lines that are no items: each is kept with its number and its bytes, and costs nothing but itself."""

from __future__ import annotations

import pytest

from tests.connectors.import_files import Read, line

BAD_JSON = {
    "cut off": (b'{"platform": "facebook", "id": "2", "text": "cut', "is not JSON in UTF-8"),
    "without an id": (b'{"platform": "facebook", "text": "whose?"}', "has no id"),
    "with a blank id": (b'{"platform": "facebook", "id": "  ", "text": "whose?"}', "has no id"),
    "without a platform": (b'{"id": "2", "text": "where?"}', "has no platform"),
    "without a text": (b'{"platform": "facebook", "id": "2"}', "has no text"),
    "with null for a text": (b'{"platform": "facebook", "id": "2", "text": null}', "has no text"),
    "a list": (b'["facebook", "2", "text"]', "is not a JSON object"),
    "a number": (b"17", "is not a JSON object"),
    "two objects": (b'{"id": 1} {"id": 2}', "is not JSON in UTF-8"),
    "nested too deeply": (line(id="2", more=0)[:-3] + b"[" * 300 + b"]" * 300 + b"}", "cannot be kept"),
    "nested beyond all bounds": (b'{"id":' + b"[" * 5_000, "is not JSON in UTF-8"),
    "with a NUL": (b'{"platform": "facebook", "id": "2", "text": "a\\u0000b"}', "has a NUL character in its text"),
    "with a NUL as a byte": (b'{"platform": "facebook", "id": "2", "text": "a\0b"}', "is not JSON in UTF-8"),
    "with a lone surrogate": (b'{"platform": "facebook", "id": "2", "text": "\\ud83d"}', "is not JSON in UTF-8"),
    "with a lone surrogate in a name": (b'{"platform": "facebook", "id": "2", "\\ud83d": 1}', "is not JSON in UTF-8"),
    "of two megabytes": (line(id="2", text="x" * 2_000_000)[:-1], "is longer than 1 MB"),
    "in Latin-1": ('{"platform": "facebook", "id": "2", "text": "café"}'.encode("latin-1"), "is not JSON in UTF-8"),
    "in UTF-16": ('{"platform": "facebook", "id": "2", "text": "a"}'.encode("utf-16-le"), "is not JSON in UTF-8"),
    "of an unknown kind": (
        b'{"platform": "facebook", "id": "2", "text": "a", "kind": "tweet"}',
        "has the kind 'tweet'",
    ),
    "with a platform of two words": (
        b'{"platform": "the page", "id": "2", "text": "a"}',
        "has the platform 'the page'",
    ),
    "with a rating in words": (b'{"platform": "google", "id": "2", "text": "a", "rating": "FIVE"}', "rating 'FIVE'"),
    "with a rating of 0": (b'{"platform": "google", "id": "2", "text": "a", "rating": 0}', "ratings go from 1 to 5"),
    "with a rating of 6": (b'{"platform": "google", "id": "2", "text": "a", "rating": 6}', "ratings go from 1 to 5"),
    "with no number as rating": (b'{"platform": "google", "id": "2", "text": "a", "rating": "nan"}', "rating nan"),
    "with true as rating": (b'{"platform": "google", "id": "2", "text": "a", "rating": true}', "rating 'True'"),
    "with a list as rating": (b'{"platform": "google", "id": "2", "text": "a", "rating": [5]}', "is no number"),
    "with an object as text": (b'{"platform": "facebook", "id": "2", "text": {"runs": []}}', "text that is no text"),
    "with true as id": (b'{"platform": "facebook", "id": true, "text": "a"}', "id that is no text"),
    "with an id that is rounded": (
        b'{"platform": "facebook", "id": 12345678901234567890123, "text": "a"}',
        "as its id",
    ),
}


@pytest.mark.parametrize(("bad", "words"), BAD_JSON.values(), ids=BAD_JSON)
def test_a_bad_line_of_json_costs_itself_and_is_kept(bad: bytes, words: str, read: Read) -> None:
    """The user finds the line by its number and bytes, and nothing else of the file is lost."""
    items, rejected = read(line(id="before") + b"\r\n" + bad + b"\n" + line(id="after"))
    assert [item.id for item in items] == ["before", "after"]
    assert [record.raw for record in rejected] == [bad]
    assert rejected[0].reason.startswith("Line 3 of comments.txt ") and words in rejected[0].reason


BAD_CSV = {
    "with too many cells": (b"x,2,Well, well,", "has 5 columns, the header has 4"),
    "with too few cells": (b"x,2", "has 2 columns, the header has 4"),
    "without an id": (b"x,,text,5", "has no id"),
    "without a platform": (b",2,text,5", "has no platform"),
    "without anything": (b",,,", "has no platform"),
    "in Latin-1": ("x,2,café,5".encode("latin-1"), "is not text in UTF-8"),
    "with a NUL": (b"x,2,a\0b,5", "has a NUL character in its text"),
    "with a quote that is never closed": (b'x,2,"open,5', "a quote in it is never closed"),
    "with a rating of 7": (b"x,2,text,7", "ratings go from 1 to 5"),
    "with a rating in words": (b"x,2,text,good", "rating 'good', which is no number"),
    "of two megabytes": (b"x,2," + b"y" * 2_000_000 + b",5", "is longer than 1 MB"),
}


@pytest.mark.parametrize(("bad", "words"), BAD_CSV.values(), ids=BAD_CSV)
def test_a_bad_row_of_csv_costs_itself_and_is_kept(bad: bytes, words: str, read: Read) -> None:
    """The same for a spreadsheet; a cell with line ends before it does not shift the number."""
    content = b'platform,id,text,rating\nx,before,"two\nlines",5\n\n' + bad + b"\nx,after,text,\n"
    items, rejected = read(content)
    assert [(item.id, item.text) for item in items] == [("before", "two\nlines"), ("after", "text")]
    assert [record.raw for record in rejected] == [bad]
    assert rejected[0].reason.startswith("Line 5 of comments.txt ") and words in rejected[0].reason
