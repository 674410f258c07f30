"""The examples of every check: texts that it must flag, and near misses that it must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from checks.catalogue import CLAUSES, Check, load_checks
from checks.examples import judge_examples, read_examples, wrong
from checks.quality import Answer
from checks.roster import Roster
from checks.scorer.labelled import Labelled

Answers = Callable[[str], dict[str, Answer]]
CHECKS = load_checks()
BY_ID = {check.id: check for check in CHECKS}
EXAMPLES = [(check, example) for check in CHECKS for example in read_examples(check.folder)]


@pytest.fixture(scope="session")
def answers(roster: Roster) -> Answers:
    """What a check, by its id, says of its examples, by their ids: judged at once."""
    return cache(lambda name: {one.example.id: one for one in judge_examples(BY_ID[name], roster)})


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=[f"{one.id}-{example.id}" for one, example in EXAMPLES])
def test_an_example_is_judged_as_it_says(check: Check, example: Labelled, answers: Answers) -> None:
    """The Chair reads a report with false alarms once; a missed disclosure is what the policy exists for."""
    assert wrong(answers(check.id)[example.id], check.about.clause) is None, example.text


def test_every_clause_has_a_check() -> None:
    """A clause without a check would look as if nobody ever broke it."""
    assert sorted({check.about.clause for check in CHECKS}) == sorted(CLAUSES)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_has_enough_examples_of_both_kinds(check: Check) -> None:
    """A check with few examples can be broken without anybody noticing."""
    expected = [check.about.clause in example.labels for example in read_examples(check.folder)]
    assert min(expected.count(True), expected.count(False)) >= 12


def test_examples_have_ids_of_their_own() -> None:
    names = [example.id for _, example in EXAMPLES]
    assert len(set(names)) == len(names)
