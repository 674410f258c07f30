"""The Chair's desk: imported comments judged, listed, decided and asked about, as a user would from the terminal."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.days import today
from flows.report_words import LONDON
from tests.conftest import Acto
from warehouse.flags import decide
from warehouse.snapshot import publish
from warehouse.store import open_store

COMMENTS = [
    {"platform": "facebook", "id": "1", "text": "We moved! 14 Larch Road, Stockport SK4 1AA, come round any evening."},
    {
        "platform": "facebook",
        "id": "2",
        "text": "So glad my therapist accepted my friend request after our last session",
    },
    {"platform": "facebook", "id": "3", "text": "Lovely webinar, thank you all. =1+1"},
]


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the judged history lies once the first test has made it, for the others to copy."""
    return tmp_path_factory.mktemp("desk") / "home"


@pytest.fixture
def desk(acto: Acto, tmp_path: Path, home: Path, made_before: Path) -> Acto:
    """A history with three comments, two of them flagged."""
    if made_before.exists():
        shutil.copytree(made_before, home, dirs_exist_ok=True)
        return acto
    path = tmp_path / "comments.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in COMMENTS), encoding="utf-8")
    assert acto("import", str(path)).returncode == 0
    judged = acto("check")
    assert (judged.returncode, judged.stdout) == (
        0, "3 versions of items judged: 2 new flags, 0 no longer found.\n",
    )  # fmt: skip
    shutil.copytree(home, made_before)
    return acto


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_open_flags_are_listed_with_all_that_a_decision_needs(desk: Acto) -> None:
    """What the report says can be looked up again: clause, words, reason, and the id to decide by."""
    flags = answer(desk("flags", "--json"))
    assert {(flag["clause"], flag["item_id"], flag["status"]) for flag in flags} == {
        ("R2", "facebook:1", "open"),
        ("O1", "facebook:2", "open"),
    }
    listed = desk("flags").stdout
    for flag in flags:
        assert all(flag[name] in listed for name in ("flag", "title", "item_id"))
    assert "14 Larch Road" in listed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decision", "status"),
    [("dismiss", "dismissed"), ("ask-removal", "removal_asked"), ("escalate", "escalated"), ("resolve", "resolved"),
     ("removal_asked", "removal_asked")],
)  # fmt: skip
def test_a_decision_is_kept_with_its_reason_and_takes_the_flag_off_the_list(
    decision: str, status: str, desk: Acto
) -> None:
    """What was decided, why and by whom must be there when somebody asks next year."""
    flag = answer(desk("flags", "--json"))[0]["flag"]
    done = desk("decide", flag, decision, "--reason", "Spoken with her; she took it down.")
    assert (done.returncode, done.stdout) == (0, f"Flag {flag}: {status.replace('_', ' ')}.\n")
    assert flag not in desk("flags").stdout and flag in desk("flags", "--all").stdout
    [kept] = answer(desk("query", "SELECT * FROM decisions", "--format", "json"))
    assert (kept["flag_id"], kept["decision"], kept["reason"]) == (flag, status, "Spoken with her; she took it down.")
    assert kept["decided_by"] and kept["decided_at"].endswith("Z")


def test_a_dismissal_can_end_and_nothing_else_can(desk: Acto, home: Path) -> None:
    """Dismissed until the new policy is out; the flag must come back by itself."""
    first, second = (flag["flag"] for flag in answer(desk("flags", "--json")))
    for hours, listed in ((1, False), (-1, True)):
        now = datetime.now(UTC)
        with open_store(home) as store:
            decide(store, first, "dismissed", "For now", "chair", now, now + timedelta(hours=hours))
            publish(store)
        assert (first in desk("flags").stdout) == listed, "once its time has passed the flag is open again"
    refused = desk("decide", second, "escalate", "--reason", "To the board", "--expires", "2030-01-01")
    assert (refused.returncode, refused.stderr) == (2, "Only a dismissal can expire.\n")


def test_a_dismissal_holds_to_the_end_of_its_day_and_of_none_that_is_over(desk: Acto) -> None:
    """As on the page: told "dismissed", the Chair must not find the flag open on the very day, or at once."""
    flag = answer(desk("flags", "--json"))[0]["flag"]
    for day, words in (("2020-01-01", "2020-01-01 is over"), ("9999-12-31", "--expires must be an earlier day")):
        refused = desk("decide", flag, "dismiss", "--reason", "For now", "--expires", day)
        assert (refused.returncode, refused.stdout, words in refused.stderr) == (2, "", True), refused.stderr
    last = today() + timedelta(days=1)
    assert desk("decide", flag, "dismiss", "--reason", "For now", "--expires", str(last)).returncode == 0
    [kept] = answer(desk("query", "SELECT expires_at FROM decisions", "--format", "json"))
    end = datetime.combine(last + timedelta(days=1), time(), LONDON)
    assert datetime.fromisoformat(kept["expires_at"]) == end and flag not in desk("flags").stdout


def test_a_decision_about_nothing_is_refused(desk: Acto) -> None:
    """A typing error in the id must be said."""
    done = desk("decide", "abc", "dismiss", "--reason", "x")
    assert (done.returncode, done.stderr) == (1, "There is no flag 'abc'. `acto flags` lists them.\n")
    assert desk("decide", "abc", "dismiss", "--reason", " ").returncode == 2


def test_answers_come_as_table_csv_and_json(desk: Acto) -> None:
    """For the eye, for a spreadsheet that must not run what strangers wrote, and for programs."""
    sql = "SELECT item_id, '=1+1' AS formula FROM items ORDER BY item_id LIMIT 1"
    table = desk("query", sql)
    assert table.returncode == 0 and "facebook:1" in table.stdout and "1 row\n" in table.stdout
    [header, row] = csv.reader(io.StringIO(desk("query", sql, "--format", "csv").stdout))
    assert (header, row) == (["item_id", "formula"], ["facebook:1", "'=1+1"])
    assert answer(desk("query", sql, "--format", "json")) == [{"item_id": "facebook:1", "formula": "=1+1"}]


def test_a_question_that_is_none_is_a_sentence_and_exit_code_2(desk: Acto) -> None:
    for sql in ("DELETE FROM items", "SELECT * FROM read_csv('/etc/passwd')", "SELCT"):
        done = desk("query", sql)
        assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False), sql
        assert done.stderr.strip()


def test_a_comment_cannot_drive_the_terminal(acto: Acto, tmp_path: Path) -> None:
    """Escape codes, directions and mark-up in what strangers wrote are shown, or dropped, never obeyed."""
    hostile = "So glad my therapist \x1b[2J\x1b]0;x\x07accepted \u202emy friend request [/] [red]after our session"
    row = {"platform": "facebook", "id": "1\x1b[31m", "text": hostile, "url": "https://x.example/\x1b[2J"}
    path = tmp_path / "comments.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    shown = acto("import", str(path)).stdout + acto("check").stdout
    for arguments in (["flags"], ["query", "SELECT *, '[/]' FROM items"], ["query", 'SELECT text AS "[/]" FROM items']):
        done = acto(*arguments)
        assert done.returncode == 0, done.stderr
        shown += done.stdout
    assert "accepted" in shown and "[/]" in shown
    assert not {character for character in shown if character in "\x1b\x07\u202e"}


def test_judging_again_finds_nothing_new_and_says_what_would_change(desk: Acto) -> None:
    """The same checks on the same texts: not one flag more, and the comparison writes nothing."""
    assert desk("check", "--all-history").stdout == "3 versions of items judged: 0 new flags, 0 no longer found.\n"
    assert answer(desk("check", "--diff", "--json")) == {"newly_flagged": [], "no_longer_flagged": [], "problems": []}
    assert answer(desk("check", "O1", "facebook:2", "--json")) == {
        "judged": 1, "flags_new": 0, "flags_withdrawn": 0, "problems": [],
    }  # fmt: skip
    wrong = desk("check", "O9")
    assert (wrong.returncode, "'O9' is no check" in wrong.stderr) == (2, True)


@pytest.mark.parametrize("option", ["--json", "--diff"])
def test_an_item_that_does_not_exist_is_not_said_to_be_judged(desk: Acto, option: str) -> None:
    """A slip in an id looked like an all-clear; one that is there beside it does not make it right."""
    runs = answer(desk("query", "SELECT count(*) AS n FROM runs", "--format", "json"))
    for given, said in (("youtube:nope", "There is no item 'youtube:nope'"), ("x:2", "acto check facebook:2")):
        wrong = desk("check", "facebook:2", given, option)
        assert (wrong.returncode, wrong.stdout, said in wrong.stderr) == (2, "", True), wrong.stderr
    assert desk("check").returncode == 0
    after = answer(desk("query", "SELECT count(*) AS n FROM runs", "--format", "json"))
    assert after[0]["n"] == runs[0]["n"] + 1, "only the last one is a run"


@pytest.mark.slow
def test_a_roster_that_is_added_later_changes_what_a_judgement_would_be(desk: Acto, home: Path) -> None:
    """With the roster the same comment is about a colleague: first shown as a difference, then flagged."""
    roster = (
        "member_id,name,known_as,role,facebook,x,instagram,linkedin,youtube,practice_email,practice_phone,permitted\n"
    )
    (home / "roster.csv").write_text(roster + "M1,Orla Fenwick,,Member,,,,,,,,\n", encoding="utf-8")
    extra = home / "more.jsonl"
    extra.write_text(
        '{"platform": "facebook", "id": "4", "text": "Heard that Orla Fenwick is in hospital"}\n',
        encoding="utf-8",
    )
    assert desk("import", str(extra)).returncode == 0
    assert desk("check").returncode == 0

    def clauses() -> set[str]:
        return {flag["clause"] for flag in answer(desk("flags", "--json")) if flag["item_id"] == "facebook:4"}

    assert "O4" not in clauses()
    (home / "acto.toml").write_text('[people]\nroster = "roster.csv"\n', encoding="utf-8")
    [found] = answer(desk("check", "--diff", "--json"))["newly_flagged"]
    assert (found["clause"], found["item_id"]) == ("O4", "facebook:4")
    assert "O4" not in clauses()
    assert "1 new flag," in desk("check", "facebook:4").stdout
    assert "O4" in clauses()
