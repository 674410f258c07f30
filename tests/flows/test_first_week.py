"""The Chair's first week, from `acto init` to Friday's report, as she and her volunteer live it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox import ROSTER, Answer, Sandbox
from connectors.sandbox.presences import KEYS, as_environment
from tests.conftest import Acto, acto_environment
from tests.flows.channel import short_sandbox_of_today
from tests.flows.mailbox import Mailbox
from tests.flows.review.desk import serving

POST = "feed:https://forum.therapytalk.example/t/18340"


@dataclass
class Week:
    """One home on this machine, its presences and its mail."""

    home: Path
    acto: Acto
    sandbox: Sandbox
    mail: Mailbox
    environment: dict[str, str]

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command prints; it must end with `code`."""
        done = self.acto(*arguments, **self.environment)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def night(self, nights_ago: int, code: int = 0) -> EmailMessage:
        """A nightly scan of what was shown so many nights before the last one; gives its report."""
        before = len(self.mail.messages)
        self.sandbox.rewind(nights=nights_ago)
        self.run("scan", code=code)
        assert len(self.mail.messages) == before + 1, "every night sends one report"
        return self.mail.messages[-1]

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """The rows of the published history."""
        return json.loads(self.run("query", sql, "--format", "json"))


def text_of(message: EmailMessage) -> str:
    """The plain part of a report, as one line."""
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def init(home: Path) -> str:
    """`acto init` as the volunteer answers it: two presences, no mail server yet, the roster, the privacy papers."""
    answers = [
        "", "", f"youtube {KEYS['youtube']['channel_id']}", f"feed {KEYS['feed']['url']}", "", str(ROSTER),
        "Nerys Vaughan, secretary", "2026-11-02",
    ]  # fmt: skip
    done = subprocess.run(
        [str(Path(sys.executable).parent / "acto"), "init"], input="".join(f"{answer}\n" for answer in answers),
        env=acto_environment(home), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_chairs_first_week(acto: Acto, home: Path, prefect_server: str) -> None:
    """Each day must tell her what she needs to know and no more, and take what she says for good."""
    # What she looked at before, the demo (test_all_platforms.py), lies in her home. Now the set-up; its presences are the
    # sandbox's here.
    (home / "demo").mkdir()
    said = init(home)
    assert "10 members" in said and "ACTO_YOUTUBE_API_KEY_FILE" in said
    with short_sandbox_of_today() as sandbox, Mailbox() as mail:
        config = (home / "acto.toml").read_text(encoding="utf-8")
        for platform in ("youtube", "feed"):
            head = f'platform = "{platform}"\n'
            assert head in config
            config = config.replace(head, f'{head}base_url = "{sandbox.base_url}"\n')
        config += f'\n[smtp]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\n[rereading]\ndaily_for = 60\n'
        (home / "acto.toml").write_text(config, encoding="utf-8")
        environment = {"PREFECT_API_URL": prefect_server} | as_environment()
        week = Week(home, acto, sandbox, mail, environment)
        assert "BROKEN" not in week.run("doctor")

        # Monday night, the first.
        monday = week.night(4)
        [flag] = week.ask(f"SELECT flag_id, revision, status FROM flags WHERE item_id = '{POST}'")
        assert (flag["revision"], flag["status"]) == (1, "open")
        assert "mossgreenmug" not in monday["Subject"] + text_of(monday)
        assert "WAS EVERYTHING CHECKED?" in text_of(monday)

        # Tuesday: she knows that one already.
        week.run("decide", flag["flag_id"], "dismiss", "--reason", "Known: we have written to her")
        assert flag["flag_id"] not in week.run("flags")
        tuesday = week.night(3)
        assert flag["flag_id"] not in text_of(tuesday)

        # Wednesday: on the page, one flag goes to the ethics lead, and a member has told her something.
        with serving(home) as review:
            visitor = review.visitor()
            [(grave,)] = review.stored("SELECT flag_id FROM flags WHERE status = 'open' ORDER BY flag_id LIMIT 1")
            assert visitor.decide(str(grave), "escalated", "For the ethics lead").status_code == 200
            concern = visitor.send(
                visitor.get("/concern"), "/concern", text="The members' list lies on a public drive", who="Orla", place="",
                clause="",
            )  # fmt: skip
            assert "The concern is kept" in concern.text
            [(status,)] = review.stored(f"SELECT status FROM flags WHERE flag_id = '{grave}'")
            assert status == "escalated"

        # In the night to Thursday YouTube is down. The report says so first, and how many wait.
        down = Answer(503, {"error": {"code": 503, "message": "Backend Error"}}, {"Retry-After": "1800"})
        sandbox.fault("^/youtube/v3/", down, times=None)
        outage = week.night(2, code=3)
        assert "not read" in outage["Subject"] and "youtube" in outage["Subject"].lower()
        assert "members' list" not in text_of(outage), "what a member told in confidence is not sent by mail"
        sandbox.faults.clear()

        # Thursday: she does not want to wait for the night.
        week.sandbox.rewind(nights=1)
        before = len(mail.messages)
        week.run("scan", "--source", "youtube", "--no-email")
        assert len(mail.messages) == before
        coverage = week.ask(
            "SELECT source, outcome FROM coverage WHERE source = 'youtube' ORDER BY run_id DESC LIMIT 1"
        )
        assert coverage == [{"source": "youtube", "outcome": "complete"}]

        # In the night to Friday the post is edited: what she had dismissed is before her again, as it is now.
        friday = week.night(0)
        flags = week.ask(f"SELECT revision, status FROM flags WHERE item_id = '{POST}' ORDER BY revision")
        assert flags == [{"revision": 1, "status": "dismissed"}, {"revision": 2, "status": "open"}]
        assert "not read" not in friday["Subject"]

        # And what the week came to.
        decisions = week.ask("SELECT decision FROM decisions ORDER BY decided_at")
        assert [one["decision"] for one in decisions] == ["dismissed", "escalated"]
        assert [one["outcome"] for one in week.ask("SELECT outcome FROM runs WHERE kind = 'scan' ORDER BY started_at")] == [
            "complete", "complete", "partial", "complete", "complete",
        ]  # fmt: skip
        assert week.ask("SELECT count(sent_at)::INTEGER AS sent FROM reports") == [{"sent": 4}]
        assert "Everything is as it was captured, found and decided." in week.run("verify")
