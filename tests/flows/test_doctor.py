"""`acto doctor`: each broken set-up names its cause and the way out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.remarks import about_token
from tests.conftest import Acto

TODAY = datetime.now(UTC).date()
CANARY = "canary-secret-4711"
CONFIG = """
[sources.page]
platform = "facebook"
page_id = "1"
[sources.company]
platform = "linkedin"
organization_id = "1"
token_expires = {expires}
[sources.posts]
platform = "x"
user_id = "1"
username = "acto_org"
"""


def test_a_set_up_is_examined_line_by_line(home: Path, acto: Acto) -> None:
    """What is missing, what ends soon, and which terms bind us, without a secret on the screen."""
    (home / "acto.toml").write_text(CONFIG.format(expires=TODAY + timedelta(days=6)))
    told = acto("doctor", ACTO_LINKEDIN_TOKEN=CANARY, ACTO_X_BEARER_TOKEN=CANARY)
    assert told.returncode == 1, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert any(line.startswith("BROKEN  source page") and "ACTO_FACEBOOK_TOKEN" in line for line in lines)
    assert any(line.startswith("warning source company") and "expires in 6 days" in line for line in lines)
    assert any(line.startswith("ok      source posts") for line in lines)
    assert "48 hours" in told.stdout and "risk of harm (S1) is not run on X" in told.stdout
    assert "YouTube API Services" not in told.stdout, "only what is configured"
    assert CANARY not in told.stdout + told.stderr


def test_without_a_configuration_it_says_so(acto: Acto) -> None:
    """The first thing that a volunteer tries."""
    told = acto("doctor", "--json")
    assert told.returncode == 1
    (finding,) = json.loads(told.stdout)["findings"]
    assert finding["outcome"] == "broken" and "acto demo" in finding["says"]


@pytest.mark.parametrize(
    ("days", "words"),
    [(15, None), (14, "in 14 days"), (1, "in 1 day:"), (0, "expires today"), (-3, "expired 3 days ago")],
)
def test_a_token_is_told_in_time(days: int, words: str | None) -> None:
    """Two weeks, since LinkedIn and Meta may want a login that only one person has."""
    said = about_token("linkedin", TODAY + timedelta(days=days), TODAY)
    assert said is None if words is None else said is not None and words in said and "docs/access/linkedin.md" in said
    assert about_token("linkedin", None, TODAY) is None
