"""The mapping of columns to fields: a typing error must be named, not turn into an empty history."""

from __future__ import annotations

import pytest

from connectors.errors import Refused
from connectors.mapping import FIELDS, FieldMap, parse_mapping


def test_the_fields_are_those_that_users_were_told() -> None:
    """Files made after the documentation of the import must keep working."""
    assert FIELDS == (
        "platform", "kind", "id", "parent_id", "thread_id", "author_id", "author_name", "author_handle", "text",
        "rating", "created_at", "url", "parent_text", "media",
    )  # fmt: skip


def test_columns_and_fixed_values_are_told_apart() -> None:
    """`platform==webpage` is a value, `text=FFT answer` a column; either may hold an equals sign."""
    mapping = parse_mapping(["platform==webpage", "text=FFT answer", "id=a=b", "url==https://a.example/?x=1"])
    assert mapping.columns == {"text": "FFT answer", "id": "a=b"}
    assert mapping.fixed == {"platform": "webpage", "url": "https://a.example/?x=1"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["text"], r"'text' must be FIELD=COLUMN or FIELD==VALUE"),
        (["text="], r"'text=' must be FIELD=COLUMN"),
        (["text=="], r"'text==' must be FIELD=COLUMN"),
        ([""], r"must be FIELD=COLUMN"),
        (["comment=Comment"], r"an item has no field 'comment'\. It has platform, kind, id"),
        (["=Comment"], r"no field ''"),
        (["Text=Comment"], r"no field 'Text'"),
        (["text=Answer", "text=Comment"], r"--map gives text twice"),
        (["platform=Site", "platform==x"], r"--map gives platform twice"),
    ],
)
def test_an_argument_that_makes_no_sense_is_named(given: list[str], words: str) -> None:
    """The user must see which argument is wrong and what would be right."""
    with pytest.raises(Refused, match=words):
        parse_mapping(given)


def test_a_mapped_field_is_taken_from_its_column_only() -> None:
    """The column that was named wins over one that happens to have the field's name, also where it is empty."""
    mapping = parse_mapping(["platform==x", "text=Answer"])
    record = {"platform": "facebook", "text": "the question", "Answer": "the answer", "id": "7", "unknown": "kept out"}
    assert mapping.take(record) == {"platform": "x", "text": "the answer", "id": "7"}
    assert mapping.take(record | {"Answer": ""}) == {"platform": "x", "text": "", "id": "7"}
    assert mapping.take(record | {"Answer": None}) == {"platform": "x", "id": "7"}


def test_empty_cells_are_no_values_but_zero_is_one() -> None:
    """An empty rating is no rating; an empty text is the comment of somebody who sent a picture; an id may be 0."""
    taken = FieldMap().take({"id": 0, "rating": "", "author_name": None, "text": "", "url": False})
    assert taken == {"id": 0, "text": "", "url": False}


def test_a_path_reaches_into_nested_json_and_a_dotted_column_wins() -> None:
    """X's archive nests the author; some CSV exports have dots in their column names."""
    mapping = parse_mapping(["author_handle=user.screen_name"])
    assert mapping.take({"user": {"screen_name": "acto_org"}}) == {"author_handle": "acto_org"}
    assert mapping.take({"user.screen_name": "flat", "user": {"screen_name": "deep"}}) == {"author_handle": "flat"}
    for other in ({"user": None}, {"user": "acto_org"}, {"user": {}}, {"user": ["screen_name"]}):
        assert mapping.take(other) == {}


def test_a_column_that_no_record_has_is_refused_with_those_there_are() -> None:
    """The user sees the file, the wrong name and the right ones in one sentence."""
    mapping = parse_mapping(["text=Comment"])
    words = r"^survey\.csv has no column 'Comment' \(--map text=…\)\. It has 'Number', 'Answer'\.$"
    with pytest.raises(Refused, match=words):
        mapping.check([{"Number": "1", "Answer": "a"}, {"Number": "2", "Answer": "b"}], "survey.csv")


def test_a_column_that_only_some_records_have_is_no_mistake() -> None:
    """Only a reply has a parent: a first record without one must not refuse the file."""
    mapping = parse_mapping(["parent_id=reply_to.id"])
    mapping.check([{"id": "1", "reply_to": None}, {"id": "2", "reply_to": {"id": "1"}}], "tweets.json")
    mapping.check([], "empty.csv")


def test_the_message_of_a_wide_file_stays_readable() -> None:
    """A survey of thousands of columns must not fill the terminal."""
    wide = {f"column {number}": "" for number in range(5_000)}
    with pytest.raises(Refused) as caught:
        parse_mapping(["text=Comment"]).check([wide], "survey.csv")
    assert len(str(caught.value)) < 1_000
