"""`acto doctor`: a set-up that works, what is said of it, and what is not said."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.sandbox import ROSTER, Sandbox
from connectors.sandbox.presences import as_environment, as_toml
from flows.remarks import about_token
from tests.conftest import Acto
from tests.flows.mail_servers import Postbox, mail_server

TODAY = datetime.now(UTC).date()
CANARY = "canary-secret-4711"
CONFIG = """
[report]
to = ["chair@acto.example", "deputy@acto.example"]
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[people]
roster = "roster.csv"
{sources}
[sources.late]
platform = "linkedin"
organization_id = "1"
token_expires = {expires}
base_url = "https://nowhere.invalid"
[sources.unset]
platform = "feed"
url = "http://nowhere.invalid/feed.xml"
"""


def test_a_set_up_is_examined_line_by_line(home: Path, acto: Acto) -> None:
    """What works and what does not, as a volunteer sees it; no mail is sent, and nothing personal or secret shown."""
    postbox = Postbox()
    shutil.copy(ROSTER, home / "roster.csv")
    with Sandbox(secrets={"x": CANARY}) as sandbox, mail_server(postbox) as port:
        sources = as_toml(sandbox.base_url)
        expires = TODAY + timedelta(days=6)
        (home / "acto.toml").write_text(CONFIG.format(port=port, sources=sources, expires=expires), encoding="utf-8")
        secrets = as_environment({"x": CANARY})
        told = acto("doctor", **secrets)
        as_json = acto("doctor", "--json", **secrets)
        calls = [call.path for call in sandbox.requests]
    assert told.returncode == 1, told.stdout + told.stderr
    lines = told.stdout.splitlines()

    def line(about: str) -> str:
        return next(line for line in lines if line[8:].startswith(f"{about}:"))

    assert line("network").startswith("BROKEN ") and "nowhere.invalid" in line("network")
    assert line("source late").startswith("warning") and "expires in 6 days" in line("source late")
    assert line("source unset").startswith("skipped") and "not asked, because" in line("source unset")
    for platform in ("facebook", "instagram", "x", "linkedin", "youtube", "trustpilot", "yelp", "feed", "webpage"):
        assert line(f"source {platform}").startswith("ok     "), line(f"source {platform}")
    for about in ("configuration", "clock", "mail", "roster", "scorer", "disk", "review page"):
        assert line(about).startswith("ok     "), line(about)
    for about in ("schedule", "last scan", "privacy"):
        assert not line(about).startswith("ok ") and " → " in line(about)
    assert "48 hours" in told.stdout and "risk of harm (S1) is not run on X" in told.stdout
    for hidden in (CANARY, "chair@", "deputy@", "Rosalind"):
        assert hidden not in told.stdout + told.stderr + as_json.stdout, hidden
    assert not any(CANARY in path or sandbox.key in path for path in calls), "a secret has travelled in an address"
    assert postbox.messages == []
    findings = json.loads(as_json.stdout)["findings"]
    assert all(set(one) == {"about", "outcome", "says", "mend", "because"} for one in findings)
    assert [one["because"] for one in findings if one["about"] == "source unset"] == ["network"]


def test_without_a_configuration_it_says_so(acto: Acto) -> None:
    """The first thing that a volunteer tries."""
    told = acto("doctor", "--json")
    assert told.returncode == 1
    (finding,) = json.loads(told.stdout)["findings"]
    assert finding["outcome"] == "broken" and "acto demo" in finding["says"] and finding["mend"] == "acto init"


@pytest.mark.parametrize(
    ("days", "words"),
    [(15, None), (14, "in 14 days"), (1, "in 1 day:"), (0, "expires today"), (-3, "expired 3 days ago")],
)
def test_a_token_is_told_in_time(days: int, words: str | None) -> None:
    """Two weeks, since LinkedIn and Meta may want a login that only one person has."""
    said = about_token("linkedin", TODAY + timedelta(days=days), TODAY)
    assert said is None if words is None else said is not None and words in said and "docs/access/linkedin.md" in said
    assert about_token("linkedin", None, TODAY) is None
