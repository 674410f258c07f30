"""The scorer's examples: enough of every kind, well formed, none twice, and nothing but meaning tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import orjson
import pytest

from checks.catalogue import CLAUSES
from checks.findings import Finding
from checks.quality import Answer, in_sum, main
from checks.scorer import artefacts
from checks.scorer.artefacts import FEATURES, agreement, area, near_duplicates, together
from checks.scorer.labelled import PLATFORMS, Labelled, LabelledError, read_all, read_labelled
from connectors import registry
from tests.conftest import SHARED

EXAMPLES = read_all()


@pytest.fixture(scope="module", autouse=True)
def runs_are_cut_once() -> Iterator[None]:
    """Two tests look for duplicates among the same texts, and to cut these into runs of words is most of their work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artefacts, "_runs", cache(artefacts._runs))
        yield


def test_there_are_enough_of_every_kind() -> None:
    """Number and variety of examples decide how well the scorer reads."""
    breaches = Counter(clause for one in EXAMPLES for clause in one.labels)
    near = Counter(clause for one in EXAMPLES if not one.labels for clause in one.near)
    assert min(breaches[clause] for clause in CLAUSES) >= 300
    assert min(near[clause] for clause in CLAUSES) >= 300
    assert sum(not one.labels and not one.near for one in EXAMPLES) >= 1000
    assert len({one.batch for one in EXAMPLES}) >= 20


def test_every_example_is_well_formed() -> None:
    """A label without its words cannot teach which words carry it."""
    assert len({one.id for one in EXAMPLES}) == len(EXAMPLES)
    for one in EXAMPLES:
        assert one.text.strip() and set(one.labels) <= set(CLAUSES), one.id
        assert set(one.spans) <= set(one.labels), one.id
    told = [len(one.spans) / len(one.labels) for one in EXAMPLES if one.labels]
    assert sum(told) / len(told) > 0.999


def test_two_readers_agree() -> None:
    """Labels that two readers would not share teach noise."""
    read_again = [one.agreed for one in EXAMPLES if one.agreed is not None]
    assert len(read_again) > 9_000 and sum(read_again) / len(read_again) > 0.95


def test_what_two_readers_did_not_share_is_left_open() -> None:
    """To train on one reader's word against another's teaches noise."""
    apart = [one for one in EXAMPLES if one.batch > "b50" and not one.agreed]
    assert len(apart) > 50 and all(one.open and not set(one.open) & set(one.labels) for one in apart)


@pytest.mark.slow
def test_none_is_there_twice() -> None:
    """What is there twice counts twice, and lies on both sides of what is held out."""
    assert near_duplicates(EXAMPLES) == []


@pytest.mark.parametrize("feature", FEATURES)
def test_nothing_but_meaning_gives_the_label_away(feature: str) -> None:
    """A scorer that learned length or capitals would do well here, and fail on what people write."""
    assert 0.28 < area(FEATURES[feature], EXAMPLES) < 0.72


def test_all_of_these_together_give_little_away() -> None:
    """What each gives away a little may come to much."""
    assert together(EXAMPLES) < 0.75


def test_what_was_dropped_counts_as_read_apart() -> None:
    """A share of those that are left would be better than the readers were."""
    example = Labelled("a-1", "x", "post", "", "", "public", "", "a b", None, (), {}, "", batch="a", agreed=True)
    given = [example, replace(example, id="a-4", agreed=False), replace(example, id="c-1", batch="c", agreed=None)]
    assert agreement(given) == (2, 1, 2)


@pytest.mark.slow
def test_nothing_of_the_development_set_is_among_them() -> None:
    """What is measured on must not have been trained on."""
    path = SHARED / "policy" / "examples.jsonl"
    if not path.exists():
        pytest.skip("the development set lies in a folder `shared` beside the checkout, which is not here")
    held = read_labelled(path)
    names = {one.id for one in held}
    assert not [pair for pair in near_duplicates([*EXAMPLES, *held]) if set(pair) & names]


def line(**fields: object) -> dict[str, object]:
    return {"platform": "x", "kind": "post", "author_role": "public", "text": "a b", "labels": ["O1"]} | fields


def test_evidence_may_be_one_for_all_labels_or_one_each(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(
        b"\n".join(
            orjson.dumps(one)
            for one in (line(evidence="b"), line(labels=["O1", "O3"], evidence={"O1": "a", "O3": "b"}), line(labels=[]))
        )
    )
    spans = [dict(one.spans) for one in read_labelled(path)]
    assert spans == [{"O1": (2, 3)}, {"O1": (0, 1), "O3": (2, 3)}, {}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"platform": "x"', "line 1: no JSON"),
        (orjson.dumps({"platform": "x"}), "line 1: the field 'labels' is missing"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    with pytest.raises(LabelledError, match=words):
        read_labelled(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "[] is no example: give the fields in braces, labels, text, platform, kind, author_role."),
        ("S2", '"S2" is no example'),
        (None, "null is no example"),
        (line(labels=None), "the field 'labels' is null: give a list of O1, O2,"),
        (line(labels=["O9"]), "the field 'labels' is [\"O9\"]: give a list of O1, O2,"),
        (line(labels=["s2"]), "the field 'labels' is [\"s2\"]: give a list"),
        (line(labels="S2"), "the field 'labels' is \"S2\": give a list"),
        (line(labels=[["S2"]]), "the field 'labels' is [[\"S2\"]]: give a list"),
        (line(near="S2"), "the field 'near' is \"S2\": give a list"),
        (line(open=["s2"]), "the field 'open' is [\"s2\"]: give a list"),
        (line(text=None), "the field 'text' is null: give a text in quotes."),
        (line(text=7), "the field 'text' is 7: give a text in quotes."),
        (line(parent_text=7), "the field 'parent_text' is 7: give a text in quotes, or leave it out."),
        (line(evidence=["b"]), "the field 'evidence' is [\"b\"]: give words of the text in quotes"),
        (line(evidence={"O1": 7}), "the field 'evidence' is {\"O1\":7}: give words of the text in quotes"),
        (line(platform="twitter"), "the field 'platform' is \"twitter\": give one of facebook, instagram, x,"),
        (line(kind="tweet"), "the field 'kind' is \"tweet\": give one of post, comment, reply,"),
        (line(author_role="client"), "the field 'author_role' is \"client\": give one of member, official, public."),
        (line(colleagues="Wes"), "the field 'colleagues' is \"Wes\": give a list of names"),
        (line(rating="5"), "the field 'rating' is \"5\": give a number"),
        (line(agreed="no"), "the field 'agreed' is \"no\": give true or false"),
        (
            line(parent="You are?"),
            "the field 'parent' is unknown: an example may have id, platform, kind, author_role, ",
        ),
        (
            line(evidence="c"),
            "the field 'evidence' has \"c\", which is not in the text: give words as they stand there.",
        ),
        (line(labels=[], evidence="c"), "the field 'evidence' has \"c\", which is not in the text: "),
        (line(evidence={"O1": "B"}), "the field 'evidence' has \"B\", which is not in the text: "),
        (
            line(evidence={"O1": "b", "O3": "b"}),
            "the field 'evidence' has words for O3, which is no label: add it to 'labels',",
        ),
        (line(open=["O3", "O1"]), "the field 'open' has O1, which is a label: give it in one of the two."),
    ],
)
def test_a_field_that_would_be_misread_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object, words: str
) -> None:
    """A label that is no clause would count as a breach that was missed, and a misspelt field as one that is empty."""
    path = tmp_path / "some.jsonl"
    path.write_bytes(orjson.dumps(line()) + b"\n" + orjson.dumps(content))
    assert main([str(path)]) == 2
    assert f"{path}, line 2: {words}" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_an_example_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    assert f"{path} has no example: give one a line" in capsys.readouterr().err


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + orjson.dumps(line(text="é")))
    assert [one.text for one in read_labelled(path)] == ["é"]


def test_every_platform_may_be_labelled() -> None:
    assert set(PLATFORMS) == set(registry.PLATFORMS)


@pytest.mark.parametrize(
    ("clauses", "words"), [(CLAUSES, "the clauses"), (CLAUSES[:1], "1 of the 10 clauses"), ((), "0 of the 10 clauses")]
)
def test_the_figure_over_all_clauses_says_of_how_many_it_is(clauses: tuple[str, ...], words: str) -> None:
    """A figure of one clause is none of the ten."""
    example = Labelled("1", "x", "post", "", "", "public", "", "a b", None, clauses, {}, "")
    assert next(iter(in_sum([Answer(example, {})]))) == f"macro-F1 over {words}"


def test_on_how_many_evidence_was_measured_is_said() -> None:
    """A share of one flag is not one of a hundred, and a share of none is no number."""
    evidence = {"O1": "b"}
    example = Labelled("1", "x", "post", "", "", "public", "", "a b", None, ("O1",), evidence, "", spans={"O1": (2, 3)})
    flag = Finding("1", 1, "o1", "O1", "Title", "high", 0.9, "b", 2, 3, "why")
    said = in_sum([Answer(example, {"O1": flag})])
    assert said["evidence overlaps the labelled words"] == "100.0% of 1 (0.21–1.00)"
    assert said["innocent items flagged at all"] == "not known"
    assert in_sum([Answer(example, {})])["evidence overlaps the labelled words"] == "not known"
    nothing = Labelled("2", "x", "post", "", "", "public", "", "a b", None, (), {}, "")
    assert "nan" not in str(in_sum([Answer(nothing, {})]))


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_roster_that_is_not_there_is_the_option_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_folder: bool
) -> None:
    """Nobody who measures has to have an acto.toml."""
    path, roster = tmp_path / "some.jsonl", tmp_path / "roster.csv"
    path.write_bytes(orjson.dumps(line()))
    if is_folder:
        roster.mkdir()
    assert main([str(path), "--roster", str(roster)]) == 2
    assert capsys.readouterr().err == f"There is no roster at {roster}: correct --roster.\n"


def test_a_duplicate_and_a_give_away_are_noticed() -> None:
    """Both checks above must be able to fail."""
    first = Labelled("1", "x", "post", "", "", "public", "", "one two three four five", None, ("O1",), {}, "")
    second = Labelled("2", "x", "post", "", "", "public", "", "one two three four five six", None, (), {}, "")
    assert near_duplicates([first, second]) == [("1", "2")]
    assert area(lambda one: len(one.text), [first, second]) == 0.0
    asking = [
        replace(one, id=f"{batch}{one.id}", text=f"{one.text}?" if one.labels else one.text, batch=batch)
        for batch in "ab"
        for one in (first, second) * 20
    ]
    assert together(asking) == 1.0
