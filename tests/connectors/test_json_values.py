"""Values out of a platform's JSON: what is not there or makes no sense is None or a sentence, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.item import Item, Rejected
from connectors.json_values import (
    check_storable,
    count_or_none,
    entries,
    mapping,
    mapping_or_empty,
    read_item,
    text,
    text_or_none,
    time_or_none,
)

NO_OBJECTS: list[Any] = [None, "words", 7, ["a"], True]


def test_an_entry_becomes_its_item() -> None:
    """The usual case."""
    item = Item("x", "1", "comment", "Hello")
    assert read_item("A comment", {"id": "1"}, lambda: item, id="1") is item


def test_an_entry_that_is_none_is_kept_with_its_id_and_its_reason() -> None:
    """It costs only itself, and what is known to be there is not taken for gone."""

    def build() -> Item:
        raise ValueError("it has no text")

    found = read_item("A comment", {"id": "1", "by": "Zoë"}, build, id="1")
    assert found == Rejected("A comment could not be read: it has no text.", b'{"id": "1", "by": "Zo\\u00eb"}', "1")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"a": ["half \ud83d"]}, "half a character"),
        ({"a\0": 1}, "a NUL character"),
        ({"a": {"b": "\\\0"}}, "a NUL character"),
    ],
)
def test_what_cannot_be_kept_is_rejected_before_it_is_read(raw: Any, words: str) -> None:
    """DuckDB takes neither: one such comment would cost the whole page when it lands."""
    found = read_item("A comment", raw, lambda: Item("x", "1", "comment", "Hello"))
    assert isinstance(found, Rejected) and words in found.reason and json.loads(found.raw) == raw


@pytest.mark.parametrize("raw", [{"a": "\\u0000"}, {"a": "C:\\u0000 \\\\u0000"}, {"a": "🙂"}, [], "", None])
def test_what_only_looks_like_it_is_kept(raw: Any) -> None:
    """Somebody may write of \\u0000."""
    check_storable(raw)


@pytest.mark.parametrize("entry", NO_OBJECTS)
def test_what_is_no_object_has_nothing(entry: Any) -> None:
    """A platform that sends a text where an object should be must not end the night."""
    assert (mapping_or_empty(entry, "a"), entries(entry, "a")) == ({}, [])
    assert (text_or_none(entry, "a"), count_or_none(entry, "a")) == (None, None)
    for reading in (mapping, text):
        with pytest.raises(ValueError, match="it has no a"):
            reading(entry, "a")


@pytest.mark.parametrize("value", [None, "", "words", 7, [], {}, True])
def test_a_value_of_another_kind_is_none(value: Any) -> None:
    """Each reading takes its own kind only; an empty text is none."""
    entry = {"a": value}
    assert mapping_or_empty(entry, "a") == {}
    assert entries(entry, "a") == []
    assert text_or_none(entry, "a") == (value if value == "words" else None)
    assert count_or_none(entry, "a") == (7 if value == 7 else None)


def test_a_value_of_the_right_kind_is_handed_on() -> None:
    """And nothing is copied or changed."""
    entry: dict[str, Any] = {"object": {"b": 1}, "list": [1], "text": " as it is ", "none": 0}
    assert mapping(entry, "object") is mapping_or_empty(entry, "object") is entry["object"]
    assert entries(entry, "list") is entry["list"]
    assert text(entry, "text") == " as it is "
    assert count_or_none(entry, "none") == 0


@pytest.mark.parametrize("value", [-1, 1.0, "3", True])
def test_a_counter_that_makes_no_sense_is_none(value: Any) -> None:
    """A counter decides what is read again: -1 or True must not."""
    assert count_or_none({"a": value}, "a") is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-01T10:00:00Z", "2026-11-01 10:00:00+00:00"),
        ("2026-11-01T10:00:00.123Z", "2026-11-01 10:00:00.123000+00:00"),
        ("2026-11-01T10:00:00+0100", "2026-11-01 09:00:00+00:00"),
        ("2026-11-01T10:00:00", "2026-11-01 10:00:00+00:00"),
        (None, "None"),
    ],
)
def test_times_are_in_utc(written: str | None, read: str) -> None:
    """A zone that is left out or written without a colon must not move a comment by hours."""
    assert str(time_or_none({"at": written}, "at")) == read


@pytest.mark.parametrize(
    "written", ["yesterday", "", 1761991200, ["2026"], "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:00"]
)
def test_what_is_no_time_is_a_sentence(written: Any) -> None:
    """It names the field, so that whoever mends the connector finds it."""
    with pytest.raises(ValueError, match="its at is not a time"):
        time_or_none({"at": written}, "at")
