"""One judgement for a text and a clause: certain rules flag by themselves, others only suggest, a permission clears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from checks.catalogue import Check, CheckError, load_checks
from checks.explaining import explain
from checks.judging import judge_text
from checks.preparing import prepare, text_row
from checks.roster import Roster
from checks.scorer.inputs import Text
from checks.scorer.scorer import Read, Scorer, Weight, default_scorer
from checks.weighing import CERTAIN, Suggestion, Weighed, weigh

R3 = next(check for check in load_checks() if check.about.clause == "R3")
WORDS = "Lovely weather for the walk"


def weighed(check: Check, score: float | None, *, weight: Weight | None = None) -> Weighed:
    rows = prepare(pd.DataFrame([text_row(WORDS, roster=Roster())]), Roster())
    scorer: Any = default_scorer()
    if weight:
        changed = Scorer.__new__(Scorer)
        changed.enough = 0.001
        changed.weights = {**scorer.weights, check.about.clause: weight}
        changed.score = scorer.score  # type: ignore[method-assign]
        scorer = changed
    (scored,) = scorer.score([Text.of(next(rows.itertuples(index=False)))])
    scores = {1: Read(scored, scored)}
    suggested = {} if score is None else {1: Suggestion(0, 6, score, "normal", "The rule says so.")}
    (one,) = weigh(rows, check, suggested, scores, scorer)
    return one


def test_a_certain_rule_flags_what_the_scorer_would_not() -> None:
    """A valid bank account is one, whatever stands around it."""
    assert weighed(R3, None).found is None
    found = weighed(R3, CERTAIN).found
    assert found is not None and found.score == CERTAIN and found.reason == "The rule says so."


def test_a_rule_that_is_not_certain_only_adds_to_the_chance() -> None:
    """Rules with a doubt rang on innocent texts by themselves."""
    nothing, something = weighed(R3, None), weighed(R3, 0.8)
    assert something.found is None
    assert nothing.nearness <= something.nearness < 1


def test_a_score_of_zero_leaves_alone_whatever_the_scorer_says() -> None:
    """A permission in the register clears what reads like a disclosure."""
    eager = Weight(bias=10.0, scorer=0.0, rule=0.0, threshold=0.5)
    assert weighed(R3, None, weight=eager).found is not None
    assert weighed(R3, 0.0, weight=eager).found is None


def test_what_the_scorer_alone_flags_has_the_words_and_a_reason() -> None:
    """A flag without a reason is a verdict, and one on the whole post nobody can check."""
    found = weighed(R3, None, weight=Weight(bias=10.0, scorer=0.0, rule=0.0, threshold=0.5)).found
    assert found is not None
    assert found.reason == R3.about.reasons[0].words and 0 <= found.start_char < found.end_char <= len(WORDS)


def test_a_check_that_is_not_scored_is_its_rules_alone(word_check: Callable[..., Check]) -> None:
    """Two checks of one clause would else raise the scorer's flag twice."""
    unscored = word_check("walk")
    assert weighed(unscored, 0.5).found is not None
    assert weighed(unscored, None, weight=Weight(10.0, 0.0, 0.0, 0.5)).found is None


def test_two_scored_checks_of_a_clause_are_refused(tmp_path: Any) -> None:
    """One flag would come twice, night after night."""
    for name in ("r3_one", "r3_two"):
        folder = tmp_path / name
        folder.mkdir()
        about = (R3.folder / "check.toml").read_text(encoding="utf-8").replace(f'id = "{R3.id}"', f'id = "{name}"')
        (folder / "check.toml").write_text(about, encoding="utf-8")
        (folder / "transform.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(CheckError, match="both say scored"):
        load_checks(tmp_path)


def test_the_reason_and_the_severity_fit_who_writes_and_what() -> None:
    """A child at risk comes first in the report; a reply that confirms a client reads otherwise than gossip."""
    s1 = next(check for check in load_checks() if check.about.clause == "S1").about
    o3 = next(check for check in load_checks() if check.about.clause == "O3").about
    rows = pd.DataFrame([text_row("im 14 and my stepdad hits us", roster=Roster())]).assign(
        normalised_text="im 14 and my stepdad hits us"
    )
    row: Any = next(rows.itertuples(index=False))
    assert s1.reason(row) == ("urgent", "A child may be at risk of harm now.")
    curly = replace_row(rows, normalised_text="I’m 14 and he does things to me when nobody is home")
    assert s1.reason(curly)[0] == "urgent", "as telephones write the apostrophe"
    reply = replace_row(rows, kind="review_reply", author_role="official")
    assert "reviewer was a client" in o3.reason(reply)[1]
    assert "A therapist seems to tell" in o3.reason(replace_row(rows, author_role="member"))[1]


def replace_row(rows: pd.DataFrame, **cells: str) -> Any:
    return next(rows.assign(**cells).itertuples(index=False))


@pytest.mark.parametrize(
    "text", ["I want to die, I cannot do this any more", "I’m going to kill myself", "I took an overdose"]
)
def test_a_wish_to_die_is_urgent(text: str) -> None:
    """What may cost a life must not wait among what is merely grave."""
    flags = judge_text(text, roster=Roster(), checks=load_checks(), scorer=default_scorer())
    assert [one.severity for one in flags if one.clause == "S1"] == ["urgent"]


@pytest.mark.parametrize(
    ("clause", "severity", "text"),
    [
        ("S1", "urgent", "My husband strangled me last night and I'm frightened to go home"),
        ("S1", "urgent", "I'm sitting on the bridge and I can't see a way out"),
        ("S1", "urgent", "My ex has a knife and he says he will kill me"),
        ("S1", "high", "I've been cutting myself again"),
        ("S2", "urgent", "Fergus Goodenough is a disgusting pig and I am going to burn his practice down on Friday"),
        ("S2", "urgent", "I know where your office is and you will regret what you did"),
        ("S2", "high", "You are a whore"),
    ],
)
def test_a_life_in_danger_and_a_threat_are_urgent(clause: str, severity: str, text: str, roster: Roster) -> None:
    """The Chair reads what is urgent the same day: neither may stand among insults and unlucky posts."""
    found = judge_text(text, roster=roster, checks=load_checks(), scorer=default_scorer())
    assert [one.severity for one in found if one.clause == clause] == [severity]


def test_the_explanation_says_what_judging_does(roster: Roster) -> None:
    """Leave for a birthday leaves an illness alone in no explanation either."""
    member = next(one for one in roster.members if not one.permitted)
    known = roster.permitting({member.member_id: {"birthday"}})
    text = f"Happy birthday {member.name}! So brave of her to tell the whole congregation about her drinking and the clinic"
    rows = pd.DataFrame([text_row(text, roster=known)])
    flagged = {one.clause for one in judge_text(text, roster=known, checks=load_checks(), scorer=default_scorer())}
    explained = next(one for one in explain(rows, load_checks(), known, default_scorer()) if one.clause == "O4")
    assert ("O4" in flagged) is ("left alone" not in explained.in_words)


def test_a_rule_that_counts_for_nothing_is_not_said_to_count() -> None:
    """Whoever wonders why a text is not flagged must not be told that a rule was weighed, where none is under that clause."""
    scorer = default_scorer()
    rows = pd.DataFrame([text_row("my sort code is 12-34-56 account 12345678", roster=Roster())])
    for one in explain(rows, load_checks(), Roster(), scorer):
        if one.rule and CERTAIN > one.rule_score > 0:
            assert ("adds nothing" in one.in_words) is (scorer.weights[one.clause].rule == 0)
            assert ("together" in one.in_words.partition(";")[0]) is (scorer.weights[one.clause].rule > 0)


def test_what_another_check_suspects_is_nothing_to_this_one() -> None:
    """Judged again alone, after it has changed, a check must come to what it came to beside the others."""
    rows = prepare(pd.DataFrame([text_row("My client Jo Marsh told me today", roster=Roster())]), Roster())
    scorer = default_scorer()
    (scored,) = scorer.score([Text.of(next(rows.itertuples(index=False)))])
    (sure,) = weigh(rows, R3, {}, {1: Read(scored, scored)}, scorer)
    (alone,) = weigh(rows, R3, {}, {1: Read(None, None)}, scorer)
    (beside,) = weigh(rows, R3, {}, {1: Read(None, scored)}, scorer)
    assert (alone.nearness, beside.nearness) == (0.0, 0.0) and sure.nearness > 0
