"""What a file is taken for, and JSON lists of any content."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import Refused
from connectors.exports import parts
from connectors.exports.json_lists import CHUNK, LONGEST, CutOff, Entry, Opened, read_lists
from connectors.files import read_file
from connectors.mapping import parse_mapping
from tests.connectors.export_files import Read, read_all, script, zipped

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(['"', "\\", "]", "},{", "[1,2"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def entries_of(content: bytes) -> list[tuple[str, Any]]:
    return [(one.name, json.loads(one.raw)) for one in read_lists(io.BytesIO(content)) if isinstance(one, Entry)]


@settings(max_examples=150, deadline=None)
@given(
    value=st.lists(VALUES, max_size=6) | st.dictionaries(st.text(max_size=5), VALUES, max_size=5),
    indent=st.sampled_from([None, 2]),
)
def test_the_lists_of_any_json_come_back_as_they_were_written(value: Any, indent: int | None) -> None:
    """Any script, quote, bracket and nesting: no entry is cut, doubled or lost."""
    expected = (
        [("", one) for one in value]
        if isinstance(value, list)
        else [
            (json.dumps(name)[1:-1], one) for name, found in value.items() if isinstance(found, list) for one in found
        ]
    )
    assert entries_of(json.dumps(value, indent=indent).encode()) == expected


@settings(max_examples=150, deadline=None)
@given(
    content=st.lists(
        st.sampled_from([b"[", b"]", b"{", b"}", b'"', b"\\", b",", b":", b"1", b"a", b" ", b"\0", b"\xff"])
    ).map(b"".join)
)
def test_no_bytes_end_the_reading_without_a_word(content: bytes) -> None:
    """A file made to break the import ends in a gap, never in an exception that nobody expects."""
    try:
        for one in read_lists(io.BytesIO(content)):
            assert isinstance(one, Opened) or one.raw in content
    except CutOff as cut:
        assert cut.raw in content


def test_entries_across_the_pieces_that_are_read() -> None:
    """A file is read in pieces of a megabyte: an entry that lies across two is one entry."""
    values = [{"n": number, "text": '"]}' * 20_000} for number in range(60)]
    content = json.dumps({"a": values, "b": {"c": [1]}, "d": [2]}).encode()
    assert len(content) > 4 * CHUNK
    assert entries_of(content) == [("a", value) for value in values] + [("d", 2)]


@pytest.mark.parametrize(
    "content", [b'["' + b"x" * 3 * LONGEST, b"[" + b"[" * 3 * LONGEST, b'["' + b"\\" * 3 * LONGEST, b" " * 3 * LONGEST]
)
def test_memory_is_bounded_whatever_is_never_closed(content: bytes) -> None:
    """One quote that is never closed must not make the whole file one entry in memory."""
    tracemalloc.start()
    try:
        with pytest.raises(CutOff):
            list(read_lists(io.BytesIO(content)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * LONGEST


KEYS = [
    "tweet", "id_str", "full_text", "edit_info", "initial", "editTweetIds", "entities", "media", "urls", "timestamp",
    "data", "post", "comment", "review", "author", "attachments", "external_context", "url", "uri", "title",
    "caption", "path", "value", "name", "string_map_data", "string_list_data", "media_list_data", "Comment", "Time",
    "creation_timestamp", "starRating", "reviewReply", "geometry", "properties", "rating",
]  # fmt: skip
LISTS = [
    "comments_v2",
    "reviews",
    "photos",
    "media_comments",
    "comments_media_comments",
    "posts",
    "window.YTD.tweets.part0",
]
SCRAPS = st.sampled_from(
    ["1", "a", "FIVE", "accounts/1/locations/2/reviews/3", "2026-01-01", "", 0, 1, -1, 1e300, None, True]
)
ENTRIES = st.recursive(
    SCRAPS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
LIKELY = [
    {"tweet": {"id_str": "1", "full_text": "a"}},
    {"timestamp": 1, "data": [{"post": "a"}]},
    {"timestamp": 1, "data": [{"comment": {"comment": "a"}}]},
    {"timestamp": 1, "data": [{"review": {"rating": 3}}]},
    {"name": "accounts/1/locations/2/reviews/3"},
    {"string_map_data": {"Comment": {"value": "a"}, "Time": {"timestamp": 1}}},
    {"media": [{"uri": "a.jpg", "creation_timestamp": 1}]},
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["", *LISTS]), first=st.sampled_from(LIKELY), entries=st.lists(ENTRIES, max_size=6))
def test_no_entries_end_an_import_without_a_sentence(name: str, first: Any, entries: list[Any], tmp_path: Path) -> None:
    """Whatever stands where in an export: each entry is an item, or in quarantine with its number."""
    path = tmp_path / "a.json"
    listed = json.dumps([first, *entries], indent=1)
    path.write_text(
        f"{name} = {listed}" if "." in name else f'{{"{name}":\n{listed}}}' if name else listed, encoding="utf-8"
    )
    try:
        found = read_all(path)
    except Refused:
        return
    left_out = sum(int(note.split()[-1].rstrip(".")) for note in found.notes)
    assert len(found.items) + len(found.rejected) + left_out >= len(entries) + 1
    assert all(one.reason.startswith("Entry ") for one in found.rejected)


def read(path: Path, content: str | bytes) -> Read:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_all(path)


POST = {"timestamp": 1_700_000_000, "data": [{"post": "Hello"}]}


def test_lines_of_items_stay_lines_of_items(tmp_path: Path) -> None:
    """A field may hold a list that looks like an export: what begins with a platform is one item a line."""
    line = json.dumps({"id": "1", "text": "mine", "posts": [POST], "platform": "x"})
    assert [item.text for item in read(tmp_path / "a.jsonl", f"{line}\n{line}\n").items] == ["mine", "mine"]
    lists = json.dumps({"id": "1", "comments": [], "reviews": []})
    assert len(read(tmp_path / "b.jsonl", f"{lists}\n{lists}\n").rejected) == 2, "nothing may vanish as an empty export"


def test_a_mapping_always_means_the_plain_layout(tmp_path: Path) -> None:
    """--map says what the columns are: the file is then no export, whatever it looks like."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"id": "1", "comments_v2": [POST], "words": "mine"}), encoding="utf-8")
    pages = list(read_file(path, parse_mapping(["platform==webpage", "text=words"])))
    assert [item.text for page in pages for item in page.items] == ["mine"]


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    """Browsers call downloads comments (1).json; mail programs, anything."""
    assert read(tmp_path / "tweets.js", json.dumps([POST])).items[0].platform == "facebook"
    assert (
        read(tmp_path / "x.txt", script("tweets.part0", [{"tweet": {"id_str": "1", "full_text": "a"}}]))
        .items[0]
        .platform
        == "x"
    )


def test_json_that_is_nothing_we_know_is_refused_once(tmp_path: Path) -> None:
    """One sentence that says what is looked for, not a thousand lines of somebody's data in quarantine."""
    with pytest.raises(
        Refused, match=r"a.json is neither one item a line nor an export that we know. Looked for: an X archive"
    ):
        read(tmp_path / "a.json", json.dumps([{"search": "a private word"}] * 3, indent=2))


def test_the_first_entries_may_be_broken(tmp_path: Path) -> None:
    """What a file is must not hang on its first entry."""
    broken = [None, {"timestamp": 1}, "words"]
    found = read(tmp_path / "a.json", json.dumps([*broken, POST], indent=2))
    assert (len(found.items), len(found.rejected)) == (1, 3)


def test_an_entry_of_two_megabytes_costs_itself(tmp_path: Path) -> None:
    """No comment is as long: it is kept out, and what follows is read."""
    long = POST | {"data": [{"post": "x" * 2_000_000}]}
    found = read(tmp_path / "a.json", json.dumps([POST, long, POST | {"timestamp": 5}]))
    assert (len(found.items), [one.reason for one in found.rejected]) == (
        2,
        ["Entry 2 of a.json could not be read: it is longer than 1 MB."],
    )


def test_an_entry_nested_beyond_bounds_costs_itself(tmp_path: Path) -> None:
    """Brackets without end are a known way to break readers of JSON."""
    deep = '{"timestamp": 1, "data": ' + "[" * 5_000 + "]" * 5_000 + "}"
    found = read(tmp_path / "a.json", f"[{json.dumps(POST)}, {deep}, {deep.replace('5_000', '300')}]")
    assert (len(found.items), len(found.rejected)) == (1, 2)


def test_memory_does_not_grow_with_an_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Years of posts on a small machine: a page is held, never the 30 MB of the file."""
    monkeypatch.setattr(parts, "BYTES_A_PAGE", 1024 * 1024)
    path = tmp_path / "posts.json"
    one = json.dumps(POST | {"data": [{"post": "word " * 12_000}]})
    path.write_text("[" + ",".join([one] * 500) + "]", encoding="utf-8")
    tracemalloc.start()
    try:
        assert sum(len(page.items) for page in read_file(path, parse_mapping([]))) == 500
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 30_000_000 and peak < 15_000_000


def test_a_file_cut_off_in_its_first_entry_is_told(tmp_path: Path) -> None:
    """A download that broke off holds reviews that nobody would know to be missing."""
    reviews = "account-1/location-5/reviews{}.json"
    whole = {"reviews": [{"name": "accounts/1/locations/5/reviews/a", "starRating": "ONE"}]}
    cut = json.dumps(whole)[:40]
    read = read_all(zipped(tmp_path / "x.zip", {reviews.format(""): whole, reviews.format("-b"): cut}))
    assert len(read.items) == 1 and "reviews-b.json in x.zip holds nothing that we can read" in " ".join(read.gaps)


def test_a_script_cut_off_in_its_first_entry_says_so(tmp_path: Path) -> None:
    """Whoever is told that it is no table looks in the wrong place."""
    path = tmp_path / "tweets.js"
    path.write_text(script("tweets.part0", [{"tweet": {"id_str": "1", "full_text": "words"}}])[:60])
    with pytest.raises(Refused, match=r"ends in the middle\. Download it again"):
        read_all(path)
