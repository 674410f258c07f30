"""Findings lie on the text as it was posted, whatever the check sees, and no row's judgement depends on its neighbours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd
import pytest

from checks.catalogue import Check, load_checks
from checks.examples import read_examples
from checks.judging import judge_rows, judge_text
from checks.preparing import text_row
from checks.quality import as_rows
from checks.roster import Roster
from checks.suggesting import FaultyAnswerError
from checks.validators import Validators
from tests.checks.test_runner import failing
from tests.sampling import IN_FULL
from warehouse.gate import gate

CHECKS = load_checks()
EXAMPLES = [example for check in CHECKS for example in read_examples(check.folder)]


def found_in(rows: pd.DataFrame, check: Check, roster: Roster) -> list[tuple[Any, ...]]:
    judgement = judge_rows(rows, [check], roster)
    assert judgement.problems == {}
    columns = ["revision_id", "start_char", "end_char", "score", "severity", "reason"]
    return sorted(judgement.found[check.id][columns].itertuples(index=False, name=None))


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
@pytest.mark.parametrize("size", [1, 7, 50] if IN_FULL else [7])
def test_a_check_judges_a_slice_as_it_judges_the_whole(check: Check, size: int, roster: Roster) -> None:
    """Otherwise a night would flag what a re-scan of the history does not."""
    assert check.about.scope == "row", "slices of other scopes must be cut along threads or authors"
    examples = EXAMPLES[:: {1: 6, 7: 2, 50: 1}[size]]
    rows = as_rows(examples, Roster()).sample(frac=1, random_state=7)
    whole = found_in(rows, check, roster)
    sliced = [one for start in range(0, len(rows), size) for one in found_in(rows[start : start + size], check, roster)]
    assert sorted(sliced) == whole
    assert whole


def let_through(rows: pd.DataFrame, roster: Roster) -> list[bool]:
    """What DuckDB's gate says of rows, before the validators."""
    with duckdb.connect() as connection:
        connection.register("given", rows[["revision_id", "text"]])
        sql = f"SELECT {gate(connection, Validators(roster).gates)} FROM given ORDER BY revision_id"
        return [passed for (passed,) in connection.execute(sql).fetchall()]


def test_the_gate_in_sql_lets_through_whatever_a_check_flags_by_what_the_validators_find(roster: Roster) -> None:
    """DuckDB's gate sees the raw text and leaves nearly all of it aside: there no number, address or name is looked for."""
    disguised = [
        "our home is at 14 Orchard Close, my mobile is oh seven seven oh oh nine oh oh one two three, ring me",
        # Nothing but the disguise leads to these.
        "０７７００ ９００１２３, give us a bell",
        "oh seven seven oh oh nine oh oh one two three, bell us",
        "g\u200bor\u200bgeous e\u200byes, k\u200biss y\u200bou",
    ]
    rows = as_rows([replace(EXAMPLES[0], text=text) for text in disguised] + EXAMPLES, Roster())
    passed = rows.assign(to_validate=let_through(rows, roster))
    for check in CHECKS:
        assert found_in(passed, check, roster) == found_in(rows, check, roster)
    assert passed.to_validate[:4].all() and 0.05 < passed.to_validate.mean() < 0.5
    assert found_in(passed.assign(to_validate=False), CHECKS[6], roster) != found_in(rows, CHECKS[6], roster)


def test_the_gate_leaves_ordinary_talk_aside(roster: Roster) -> None:
    """The gate is what keeps a night over 100,000 comments short."""
    talk = ["Great webinar, thank you!", "When is the next one?", "Diolch!", "❤️", "Rubbish. One star.", "Me too"]
    rows = pd.DataFrame([text_row(text, roster=roster, revision_id=place) for place, text in enumerate(talk)])
    assert not any(let_through(rows, roster))


def test_evidence_is_the_text_as_it_was_posted(roster: Roster) -> None:
    """The report highlights it, and the Chair compares it with the platform."""
    text = "👋🏽 moved! my new mobile is oh seven seven oh oh nine oh oh one two three, text me girls"
    found = judge_text(text, roster=roster, checks=CHECKS)
    assert found
    for one in found:
        assert text[one.start_char : one.end_char] == one.evidence
    assert "oh seven seven oh oh nine oh oh one two three" in found[0].evidence


def test_a_check_that_fails_costs_its_own_answer_only(raising_check: Check, roster: Roster) -> None:
    """One broken check must not cost the night, nor show a comment in an error message."""
    judgement = judge_rows(as_rows(EXAMPLES[:40], Roster()), [raising_check, *CHECKS], roster)
    assert list(judgement.problems) == [raising_check.id]
    assert "ValueError" in judgement.problems[raising_check.id]
    assert "somebody's" not in judgement.problems[raising_check.id]
    assert set(judgement.found) == {check.id for check in CHECKS}


def test_a_check_that_fails_on_a_text_judges_all_others(raising_check: Check, roster: Roster) -> None:
    """One comment on which a rule fails must not keep it from the thousand beside it."""

    def fail_on_some(rows: pd.DataFrame) -> pd.DataFrame:
        if rows.normalised_text.str.contains("bad").any():
            raise ValueError("a text of somebody's, which must not be shown")
        return pd.DataFrame(
            {"revision_id": rows.revision_id, "start_char": 0, "end_char": 3, "score": 1.0, "reason": "It says “the”."}
        )

    check = replace(raising_check, transform=fail_on_some)
    texts = ["the bad one" if number in (3, 4, 11) else "the good one" for number in range(20)]
    rows = pd.DataFrame(
        [text_row(text, roster=roster, revision_id=number, item_id=str(number)) for number, text in enumerate(texts)]
    )
    judgement = judge_rows(rows, [check], roster)
    assert judgement.found[check.id].revision_id.tolist() == [n for n in range(20) if n not in (3, 4, 11)]
    assert (judgement.unjudged, judgement.unable) == ({check.id: {3, 4, 11}}, set())
    assert "could not be run on some texts: ValueError." in judgement.problems[check.id]
    whole = replace(check, about=check.about.model_copy(update={"scope": "thread"}))
    judgement = judge_rows(rows, [whole], roster)
    assert (judgement.found, judgement.unable) == ({}, {check.id}), "what it needs beside a text nobody may leave out"


def test_a_text_on_which_the_validators_fail_costs_no_other_and_is_told(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comment that somebody has found to break them must not hide a cry for help beside it, and is itself still judged."""
    failing(monkeypatch)
    texts = ["I took an overdose last night. 07700 900123", "I took an overdose last night"]
    rows = pd.DataFrame([text_row(text, roster=roster, revision_id=number) for number, text in enumerate(texts)])
    judgement = judge_rows(rows, CHECKS, roster)
    risk = next(check.id for check in CHECKS if check.about.clause == "S1")
    assert set(judgement.found[risk].revision_id) == {0, 1}
    assert judgement.troubles() == [
        "Numbers, addresses and names could not be looked for in 1 text (RecursionError)."
    ], "without the comment's words"


def test_a_check_is_as_grave_as_the_gravest_that_it_finds(roster: Roster) -> None:
    """A login in public is urgent, also where the same text asks whom to tell of it."""
    login = "The ACTO admin password is sunshine, anybody can read it."
    for text in (login, f"{login} Who should I report this breach to?"):
        found = judge_text(text, roster=roster, checks=CHECKS)
        assert [one.severity for one in found if one.clause == "O5"] == ["urgent"], text


@pytest.mark.parametrize(
    "answer",
    [
        {"revision_id": 99, "start_char": 0, "end_char": 3, "score": 0.5, "reason": "x"},
        {"revision_id": 1, "start_char": 3, "end_char": 3, "score": 0.5, "reason": "x"},
        {"revision_id": 1, "start_char": 0, "end_char": 9999, "score": 0.5, "reason": "x"},
        {"revision_id": 1, "start_char": 0, "end_char": 3, "score": 1.5, "reason": "x"},
        {"revision_id": 1, "start_char": 0, "end_char": 3, "score": float("nan"), "reason": "x"},
        {"revision_id": 1, "start_char": 0, "end_char": 3, "score": 0.5, "reason": "x", "severity": "dreadful"},
        {"revision_id": 1, "score": 0.5},
    ],
)
def test_an_answer_that_is_no_finding_is_refused(raising_check: Check, roster: Roster, answer: dict[str, Any]) -> None:
    """A flag that points outside its text would break the report."""
    faulty = replace(raising_check, transform=lambda rows: pd.DataFrame([answer]))
    rows = pd.DataFrame([text_row("the word", roster=Roster())])
    assert judge_rows(rows, [faulty], roster).problems
    with pytest.raises(FaultyAnswerError):
        judge_text("the word", roster=roster, checks=[faulty])
