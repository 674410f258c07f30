"""What the platforms' terms forbid to conclude is not concluded."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from checks.catalogue import load_checks
from checks.judging import judge_rows
from checks.preparing import prepare, text_row
from checks.roster import Roster

CHECKS = load_checks()


def row(text: str, platform: str, by_api: bool) -> pd.DataFrame:
    """A comment of a member of the public."""
    told = text_row(text, roster=Roster(), platform=platform, author_name="A", author_handle="a")
    return pd.DataFrame([{**told, "by_api": by_api}])


@pytest.mark.parametrize(
    ("platform", "by_api", "flagged"), [("x", True, False), ("x", False, True), ("facebook", True, True)]
)
def test_nothing_is_concluded_about_health_on_x(roster: Roster, platform: str, by_api: bool, flagged: bool) -> None:
    """X forbids it for what came through its API; elsewhere a life may hang on it."""
    found = judge_rows(
        row("I want to kill myself tonight, I have the pills here", platform, by_api), CHECKS, roster
    ).found
    assert (len(found["s1_risk_of_harm"]) == 1) is flagged


@pytest.mark.parametrize(
    ("platform", "by_api", "known"), [("x", True, False), ("x", False, True), ("facebook", True, True)]
)
def test_a_handle_in_a_text_names_a_member_by_consent_only(
    roster: Roster, platform: str, by_api: bool, known: bool
) -> None:
    """Matching an @handle of X with a member's record needs that member's consent."""
    given = row("so sorry to hear about @rosalindpryce_x's divorce", platform, by_api)
    (people,) = prepare(given, roster).people
    assert bool(people) is known
    agreed = Roster(tuple(replace(one, matched_on=("x",)) for one in roster.members))
    assert prepare(given, agreed).people[0]
