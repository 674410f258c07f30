"""Import files as people have them: what can be read is read, and the rest is kept with its line and its bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors.errors import Refused
from connectors.files import ITEMS_A_PAGE, KINDS, read_file
from connectors.item import Item, Media
from connectors.mapping import FieldMap, parse_mapping
from tests.connectors.import_files import BYTE_ORDER_MARK, HEADER, Read, all_of, as_csv, line

FULL = {
    "platform": "google",
    "kind": "review",
    "id": "r1",
    "parent_id": "p1",
    "thread_id": "t1",
    "author_id": "a1",
    "author_name": "Ruth Example",
    "author_handle": "ruth.example",
    "text": "Kind and prompt.",
    "rating": "4.5",
    "created_at": "2026-10-31T14:05:06+01:00",
    "url": "https://reviews.example/r1",
    "parent_text": "How was it?",
    "media": '[{"type": "image", "url": "https://pictures.example/1.png", "text": "a door"}]',
    "Branch": "North & South",
}


@pytest.mark.parametrize("layout", ["json", "csv"])
def test_every_field_arrives_and_unknown_columns_stay_in_the_raw_record(
    layout: str, read: Read, tmp_path: Path
) -> None:
    """What section 7 of the design promises of an import file, in both layouts."""
    content = (
        orjson.dumps(FULL)
        if layout == "json"
        else as_csv([list(FULL), list(FULL.values())], tmp_path / "full.csv").read_bytes()
    )
    items, rejected = read(content)
    assert rejected == []
    assert items == [
        Item(
            platform="google",
            id="r1",
            kind="review",
            text="Kind and prompt.",
            parent_id="p1",
            thread_id="t1",
            author_id="a1",
            author_name="Ruth Example",
            author_handle="ruth.example",
            rating=4.5,
            url="https://reviews.example/r1",
            created_at=datetime(2026, 10, 31, 13, 5, 6, tzinfo=UTC),
            parent_text="How was it?",
            media=[Media("image", "https://pictures.example/1.png", "a door")],
            raw=FULL,
        )
    ]


def test_only_platform_id_and_text_are_needed(read: Read) -> None:
    """The smallest file of all works; a record with a rating is a review, any other a comment."""
    items, rejected = read(line() + line(id=2, rating=5) + line(id="3", text="", kind="post"))
    assert rejected == []
    assert [(item.id, item.kind, item.text) for item in items] == [
        ("1", "comment", "Lovely talk"),
        ("2", "review", "Lovely talk"),
        ("3", "post", ""),
    ]
    assert items[0] == Item(platform="facebook", id="1", kind="comment", text="Lovely talk", media=[], raw=items[0].raw)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_item_can_be_imported(kind: str, read: Read) -> None:
    """Posts, mentions and reviews as well as comments."""
    items, rejected = read(line(kind=kind))
    assert ([item.kind for item in items], rejected) == ([kind], [])


@pytest.mark.parametrize(
    "content", [line() + line(id="2"), HEADER + b"facebook,1,Lovely talk\nfacebook,2,Lovely talk\n"]
)
@pytest.mark.parametrize(
    "saved",
    [
        lambda content: content,
        lambda content: BYTE_ORDER_MARK + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: BYTE_ORDER_MARK + content.replace(b"\n", b"\r\n\r\n"),
        lambda content: content.rstrip(b"\n"),
        lambda content: b"\n" * 5_000 + content + b" \n\n",
    ],
    ids=["plain", "byte order mark", "Windows", "blank lines", "no last line end", "blank start"],
)
def test_a_file_is_read_however_it_was_saved(content: bytes, saved: Callable[[bytes], bytes], read: Read) -> None:
    """Notepad, Excel and a Mac save the same comments differently."""
    items, rejected = read(saved(content))
    assert [(item.platform, item.id, item.text) for item in items] == [
        ("facebook", "1", "Lovely talk"),
        ("facebook", "2", "Lovely talk"),
    ]
    assert rejected == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\n" * 3_000, "is empty"),
        (BYTE_ORDER_MARK, "is empty"),
        ("platform,id,text\nx,1,a\n".encode("utf-16"), "is not text in UTF-8"),
        ('{"platform": "x", "id": "1", "text": "a"}'.encode("utf-16-le"), "is not text in UTF-8"),
        ("platform,id,text\nx,1,a\n".encode("utf-16-be"), "is not text in UTF-8"),
        ("platform,id,text,Straße\nx,1,a,b\n".encode("latin-1"), "is not text in UTF-8"),
        (b"PK\x03\x04 a spreadsheet", "Save it as CSV"),
        (b"%PDF-1.7", "Save it as CSV"),
        (b"\x1f\x8b\x08 packed", "Save it as CSV"),
        (b"Just some words\n", "is neither JSON lines nor CSV"),
        (b'platform,id,"text\nx,1,a\n', "is neither JSON lines nor CSV"),
        (b"platform," + b"x" * 2_000_000, "is neither JSON lines nor CSV"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_plain_words(content: bytes, words: str, read: Read) -> None:
    """Not a thousand lines in quarantine, but one sentence that says what to do."""
    with pytest.raises(Refused, match=words):
        read(content)


def test_a_header_without_rows_is_no_mistake(read: Read) -> None:
    """A month without comments exports an empty table; a column that is mapped cannot be missed in it."""
    assert read(HEADER) == ([], [])
    assert read(HEADER.rstrip(b"\n"), "author_name=Author") == ([], [])


def test_two_columns_of_one_name_are_both_kept(read: Read) -> None:
    """Surveys ask "Comment" twice, Excel leaves columns without a name: no answer may overwrite another."""
    content = b"platform,id,text,text,,,text 2\nx,1,first,second,a,b,third\n"
    items, rejected = read(content)
    assert (items[0].text, rejected) == ("first", [])
    assert sorted(items[0].raw.values()) == sorted(["x", "1", "first", "second", "a", "b", "third"])
    assert read(content, "text=text 2")[0][0].text == "second"


def test_entities_and_tags_are_resolved_once_in_what_people_wrote(read: Read) -> None:
    """Names and texts read as on the page, while the raw record keeps what was in the file."""
    escaped = "Tea &amp;amp; talk<br>for &quot;Robin&quot; &amp;amp;lt;"
    items, _ = read(line(text=escaped, author_name="O&#39;Example", parent_text="R&amp;D?"))
    assert items[0].text == 'Tea &amp; talk\nfor "Robin" &amp;lt;'
    assert (items[0].author_name, items[0].parent_text) == ("O'Example", "R&D?")
    assert items[0].raw["text"] == escaped


def test_a_date_that_is_not_understood_costs_the_date_not_the_comment(read: Read) -> None:
    """The comment must still be checked, and what was written stays to be looked up."""
    items, rejected = read(
        line(created_at="31/10/2026 14:05") + line(created_at="the other day") + line(created_at="29/02/2025") + line()
    )
    assert [item.created_at for item in items] == [datetime(2026, 10, 31, 14, 5, tzinfo=UTC), None, None, None]
    assert (items[1].raw["created_at"], rejected) == ("the other day", [])


def test_times_that_cannot_be_read_are_counted_once_for_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of dates in the American way would land without a single one, and nobody would learn of it."""
    monkeypatch.setattr("connectors.files.ITEMS_A_PAGE", 2)
    path = tmp_path / "notes.csv"
    written = ["31/10/2026", "", " ", "31/10/26", "yesterday", "2026-02-30"]
    as_csv([["platform", "id", "text", "created_at"], *(["x", str(n), "Hi", at] for n, at in enumerate(written))], path)
    pages = list(read_file(path, FieldMap()))
    assert sum(len(page.items) for page in pages) == 6
    assert [gap for page in pages for gap in page.gaps] == [
        "The times of 3 items could not be read, such as '31/10/26' on line 5 of notes.csv: they were kept without."
    ]
    path.write_bytes(line() + line(id="2", created_at="10/31/26 2pm"))
    [gap] = [gap for page in read_file(path, FieldMap()) for gap in page.gaps]
    assert gap == "The time of 1 item could not be read, '10/31/26 2pm' on line 2 of notes.csv: it was kept without."


@pytest.mark.parametrize(
    "written",
    ["My client Jane told me she was raped", "jane.smith", "020 7946 0958", "31/10/26 said Jane", "yesterday"],
)
def test_what_is_no_date_in_the_column_of_times_is_not_repeated(tmp_path: Path, written: str) -> None:
    """A text in the wrong column would stand in the coverage after its item was erased."""
    path = tmp_path / "notes.csv"
    for more, told in (
        (b"", "The time of 1 item could not be read, that on line 1 of notes.csv: it was kept without."),
        (
            line(id="2", created_at="31/10/26"),
            "The times of 2 items could not be read, such as that on line 1 of notes.csv: they were kept without.",
        ),
    ):
        path.write_bytes(line(created_at=written) + more)
        assert [gap for page in read_file(path, FieldMap()) for gap in page.gaps] == [told]


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ("https://pictures.example/1.png", [Media("file", "https://pictures.example/1.png")]),
        ('["https://pictures.example/1.png"]', [Media("file", "https://pictures.example/1.png")]),
        ("[not json", [Media("file", "[not json")]),
        (
            ["https://a.example", {"type": "video", "text": "words"}],
            [Media("file", "https://a.example"), Media("video", None, "words")],
        ),
        ([{"url": 5}, 7, None], [Media("file", "5")]),
        ("", []),
        (17, []),
        ({}, []),
    ],
)  # fmt: skip
def test_media_are_found_however_they_are_listed(media: Any, expected: list[Media], read: Read) -> None:
    """A picture can be what breaks a confidence; a strange list of pictures must not cost the comment."""
    items, rejected = read(line(media=media))
    assert (items[0].media, rejected) == (expected, [])


def test_ids_are_the_same_however_they_are_written(read: Read) -> None:
    """A reply finds its parent also where a spreadsheet added spaces, or a program wrote 17 as 17.0."""
    items, rejected = read(
        line(id=17, platform=" Facebook ") + line(id="18", parent_id=17.0) + line(id=" 19 ", parent_id=" 17")
    )
    assert [(item.platform, item.id, item.parent_id) for item in items] == [
        ("facebook", "17", None),
        ("facebook", "18", "17"),
        ("facebook", "19", "17"),
    ]
    assert rejected == []


def test_a_mapping_renames_columns_and_fixes_values(read: Read) -> None:
    """The example of the documentation, on a survey with its own column names."""
    content = b"Comment ID,FFT answer,Date,text\nA 1,Very kind,31/10/2026,not this\n"
    given = ["platform==webpage", "id=Comment ID", "text=FFT answer", "created_at=Date"]
    items, rejected = read(content, *given)
    assert [(item.platform, item.id, item.text) for item in items] == [("webpage", "A 1", "Very kind")]
    assert (items[0].created_at, rejected) == (datetime(2026, 10, 31, tzinfo=UTC), [])
    with pytest.raises(Refused, match=r"has no column 'FFT reply' .*'Comment ID', 'FFT answer'"):
        read(content, "id=Comment ID", "text=FFT reply")


def test_a_column_that_the_first_record_lacks_is_found_further_down(read: Read) -> None:
    """JSON leaves out what is empty: the first tweet is no reply, the second one is."""
    content = line(id="1", reply_to=None) + b"broken\n" + line(id="2", reply_to={"id": "1"})
    items, rejected = read(content, "parent_id=reply_to.id")
    assert [item.parent_id for item in items] == [None, "1"] and len(rejected) == 1


def test_a_wrong_column_is_refused_before_anything_lands(tmp_path: Path) -> None:
    """A typing error in --map must not leave half a file of comments without authors in the history."""
    path = tmp_path / "many.jsonl"
    path.write_bytes(line() * (ITEMS_A_PAGE + 1))
    with pytest.raises(Refused, match="has no column 'auther'"):
        next(read_file(path, parse_mapping(["author_name=auther"])))


def test_the_name_of_a_file_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """Reasons are printed: a file name with escape codes must not clear the screen or colour the report."""
    path = tmp_path / "a\x1b[2J\x07b.csv"
    path.write_bytes(HEADER + b"x,1\n")
    _, rejected = all_of(read_file(path, FieldMap()))
    assert [record.reason for record in rejected] == ["Line 2 of a[2Jb.csv has 2 columns, the header has 3."]
