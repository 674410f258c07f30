"""Questions for people: ready ones, tables on a real terminal, files."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from datetime import timedelta
from pathlib import Path

import pytest

from flows.ready_questions import Question, ready_questions
from tests.conftest import Acto, acto_environment
from tests.flows.asked_history import a_history_to_ask
from tests.flows.night import NOW, Night
from warehouse.query import QueryResult, run_query
from warehouse.snapshot import publish
from warehouse.store import open_store

ROOT = Path(__file__).parents[2]
QUESTIONS = ready_questions()


@pytest.fixture
def desk(acto: Acto, home: Path, asked: Path) -> Acto:
    shutil.copytree(asked, home, dirs_exist_ok=True)
    return acto


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_ready_question_says_what_it_answers_and_answers(question: Question, asked: Path) -> None:
    """A question that errs or finds nothing where there is something would be believed."""
    assert re.match(r"^[A-Z].*\?", question.asks) and len(question.asks) < 130
    assert run_query(asked / "history.duckdb", question.sql).rows


def ask(asked: Path, name: str) -> list[dict[str, object]]:
    [question] = [one for one in QUESTIONS if one.name == name]
    result: QueryResult = run_query(asked / "history.duckdb", question.sql)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def test_only_what_was_edited_within_the_hour_is_such_an_edit(asked: Path) -> None:
    """The other one was edited after ninety minutes."""
    [edit] = ask(asked, "edits-within-an-hour")
    assert (edit["minutes_later"], edit["said_before"], edit["says_after"]) == (40, "See you at five", "See you at six")


def test_what_is_gone_is_told_with_its_time_and_its_flag(asked: Path) -> None:
    """The one that matters is what was flagged and then taken down."""
    [gone] = ask(asked, "deleted")
    assert (gone["item_id"], gone["state"], gone["flagged_under"]) == ("youtube:g1", "absent", ["O1"])
    assert str(gone["noticed_at"]).startswith("2026-11-21 04:30")


def test_the_time_to_an_answer_is_from_the_review_to_the_reply(asked: Path) -> None:
    """One of two reviews, after thirty hours; the other is on the list of those that wait."""
    [reviews] = [row for row in ask(asked, "response-times") if row["kind"] == "review"]
    assert (reviews["received"], reviews["answered"], reviews["median_hours"]) == (2, 1, 30.0)
    assert [row["item_id"] for row in ask(asked, "unanswered-reviews")] == ["google:r2"]


def test_members_are_listed_and_the_public_is_not(asked: Path) -> None:
    """Her dismissed flag no longer counts; the stranger who is at risk is no member."""
    [member] = ask(asked, "members-with-open-flags")
    assert (member["member"], member["open_flags"], member["clauses"]) == ("Rosalind Pryce", 1, ["O3"])


def test_members_are_not_ranked_by_how_grave_their_flags_are(tmp_path: Path) -> None:
    """Nobody is ranked: what has waited longest comes first, however low."""
    with open_store(tmp_path) as store:
        night = Night(store)
        for name, severity, days in (("Ann Older", "low", 5), ("Bea Newer", "urgent", 1)):
            item = night.item(name, "hello there", role="member", author_name=name, author_handle=f"@{name[:3]}")
            night.flag(item, "hello", severity=severity, at=NOW - timedelta(days=days))
        publish(store)
    assert [row["member"] for row in ask(tmp_path, "members-with-open-flags")] == ["Ann Older", "Bea Newer"]


def test_whoever_is_no_longer_known_is_not_counted_with_the_public(tmp_path: Path) -> None:
    """After a month everything that members wrote would be the public's, and an open flag on what the terms emptied gone."""
    with open_store(tmp_path) as store:
        a_history_to_ask(Night(store))
        store.connection().execute(
            """UPDATE store.item SET author_name = NULL, author_handle = NULL
               WHERE item_id = 'youtube:g1' OR item_id IN (SELECT item_id FROM items WHERE author_role = 'member')"""
        )
        publish(store)
    writers = {(row["platform"], row["author_role"]) for row in ask(tmp_path, "who-writes")}
    assert ("youtube", "not known") in writers and ("youtube", "member") not in writers
    unknown = ask(tmp_path, "members-with-open-flags")
    assert [(row["member"], row["open_flags"]) for row in unknown] == [("not known", 2)]
    assert [row["author_role"] for row in ask(tmp_path, "deleted")] == ["not known"]


def test_gaps_and_missed_nights_are_told(asked: Path) -> None:
    """Nine days between two scans, and a source that was read in part."""
    assert [(row["source"], row["outcome"]) for row in ask(asked, "coverage-gaps")] == [("reviews", "partial")]
    assert [row["days"] for row in ask(asked, "nights-without-a-scan")] == [9.0]


def test_ready_questions_are_listed_shown_and_asked_by_name(desk: Acto) -> None:
    """Nobody needs to know SQL to ask, nor the file's place to learn from it."""
    listed = desk("query", "--list").stdout
    assert all(question.name in listed for question in QUESTIONS)
    assert desk("query", "--list", "deleted").stdout == next(one.sql for one in QUESTIONS if one.name == "deleted")
    assert json.loads(desk("query", "deleted", "--format", "json").stdout)[0]["item_id"] == "youtube:g1"
    wrong = desk("query", "delete")
    assert (wrong.returncode, wrong.stdout, "Did you mean deleted" in wrong.stderr) == (2, "", True)


def test_answers_go_to_a_new_file_of_ones_own(desk: Acto, tmp_path: Path) -> None:
    """Whole, readable by nobody else, and never over the roster that happens to have that name."""
    sql = "SELECT item_id, '=1+1' AS formula FROM items ORDER BY item_id LIMIT 2"
    for ending in ("csv", "json", "xlsx"):
        path = tmp_path / f"answer.{ending}"
        done = desk("query", sql, "--output", str(path))
        assert (done.returncode, "2 rows written to" in done.stdout) == (0, True), done.stderr
        assert path.stat().st_mode & 0o777 == 0o600
    with (tmp_path / "answer.csv").open(newline="", encoding="utf-8") as written:
        assert list(csv.reader(written))[1] == ["google:r1", "'=1+1"]
    assert json.loads((tmp_path / "answer.json").read_text("utf-8"))[0]["formula"] == "=1+1"
    before = (tmp_path / "answer.csv").read_bytes()
    again = desk("query", "SELECT 1", "--output", str(tmp_path / "answer.csv"))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert (tmp_path / "answer.csv").read_bytes() == before
    assert not list(tmp_path.glob(".answer*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--list"),
        (["SELECT 1", "--format", "xlsx"], "--output FILE.xlsx"),
        (["SELECT 1", "--output", "answer.txt"], "must end in"),
        (["SELECT 1", "--output", "answer.csv", "--format", "table"], "must end in"),
        (["SELECT 1", "--output", "nowhere/answer.csv"], "no folder"),
        (["SELECT repeat('x', 40000) AS long", "--output", "answer.xlsx"], "'long'"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_leaves_no_file(
    arguments: list[str], said: str, desk: Acto, tmp_path: Path
) -> None:
    done = desk("query", *arguments)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert not list(tmp_path.glob("*answer*"))


# Rows as wide as this, since a third of them is answered before the failure: of narrow ones it would take a million.
HALF_WAY = """SELECT (CASE WHEN range = 90000 THEN 'x' ELSE range::VARCHAR END)::INT AS n, repeat('x', 200) AS text
              FROM range(100000)"""


def test_a_question_that_fails_half_way_leaves_nothing(desk: Acto, tmp_path: Path) -> None:
    """Nine tenths of the history in a file, printed or written, would be taken for all of it."""
    for arguments in (
        ("--format", "csv"),
        ("--format", "json"),
        ("--output", "answer.csv"),
        ("--output", "answer.json"),
    ):
        done = desk("query", HALF_WAY, *arguments)
        assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False), done.stderr
        assert "Could not convert" in done.stderr or "failed half-way" in done.stderr
    assert not list(tmp_path.glob("*answer*")) + list(tmp_path.glob(".*answer*"))


def test_what_is_printed_is_all_that_was_asked_for_however_long(desk: Acto) -> None:
    """A long answer waits on the disk, enciphered, until it is whole; letters of two bytes must not be torn."""
    done = desk("query", "SELECT range AS n, repeat('ŷ💚', 30) AS text FROM range(100000)", "--format", "csv")
    assert done.returncode == 0 and list(csv.reader(io.StringIO(done.stdout))) == [
        ["n", "text"], *([str(number), "ŷ💚" * 30] for number in range(100_000))
    ]  # fmt: skip


def test_a_time_on_londons_clocks_does_not_say_that_it_is_in_utc(desk: Acto) -> None:
    """In summer it would be believed to be an hour later than it was."""
    noon = "(SELECT TIMESTAMPTZ '2026-06-01 12:00:00+00' AS noon)"
    sql = f"SELECT noon, noon AT TIME ZONE 'Europe/London' AS here FROM {noon}"
    for layout in ("table", "csv", "json"):
        shown = desk("query", sql, "--format", layout).stdout
        assert "2026-06-01T12:00:00Z" in shown and "2026-06-01T13:00:00" in shown and "13:00:00Z" not in shown


SCRIPT = """
import os, sys
from flows.command_line import app
from flows.exits import exit_in_words
for number in range(1, len(sys.argv), 2):
    os.environ["PAGER"] = sys.argv[number]
    assert exit_in_words(app, ["query", sys.argv[number + 1]]) == 0
    print("NEXT")
"""


def on_a_terminal(asked: Path, *questions: tuple[str, str]) -> list[str]:
    """What a terminal of 80 columns and 24 lines shows for each question (pager, SQL); all in one process, to save time."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = acto_environment(asked, TERM="xterm")
    environment.pop("COLUMNS")
    command = [sys.executable, "-c", SCRIPT, *(argument for question in questions for argument in question)]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=follower, stdout=follower, stderr=follower
    ) as child:
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(leader, 65536):
                shown += part
        assert child.wait(60) == 0, shown.decode()
    os.close(leader)
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n").split("NEXT\n")[:-1]


def test_on_a_terminal_a_table_is_cut_to_fit_or_paged(asked: Path, tmp_path: Path) -> None:
    """A comment fills half the screen, twenty columns would be two letters wide each, a thousand rows would run past."""
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n", encoding="utf-8")
    pager.chmod(0o700)
    cut, wide, long, without = on_a_terminal(
        asked,
        (str(pager), "SELECT item_id, repeat('long ', 100) AS text FROM items LIMIT 3"),
        (str(pager), "FROM items LIMIT 1"),
        (str(pager), "SELECT range AS n FROM range(100)"),
        ("no-such-pager", "FROM items LIMIT 1"),
    )
    assert "PAGED" not in cut and "…" in cut and max(map(len, cut.splitlines())) <= 80 and "3 rows" in cut
    assert wide.startswith("PAGED") and "state_reason" in wide and max(map(len, wide.splitlines())) > 200
    assert long.startswith("PAGED") and "100 rows" in long
    assert "PAGED" not in without and "1 row" in without and max(map(len, without.splitlines())) <= 80


def test_into_a_file_a_table_goes_whole_and_unpaged(desk: Acto) -> None:
    """Somebody searches it with grep: one row is one line, and nothing is cut."""
    done = desk("query", "SELECT repeat('long ', 100) || 'end' AS text FROM range(60)", PAGER="false")
    assert (done.returncode, done.stdout.count("long end │"), "…" in done.stdout) == (0, 60, False)
