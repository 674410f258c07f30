"""`acto audit`: the Chair looks at what was not flagged, and learns how much is missed."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.item import Item, Page
from tests.conftest import Acto
from warehouse.audit import answer_audit, draw_audit
from warehouse.flags import decide
from warehouse.landing import land
from warehouse.query import run_query
from warehouse.runs import end_run, start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

AT = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def drawn(home: Path) -> Path:
    """A home with two comments, both drawn for the audit."""
    with open_store(home) as store:
        run_id = start_run(store, "scan", AT)
        items = [
            Item("youtube", "1", "comment", text="Lovely talk \x1b[31m indeed"),
            Item("youtube", "2", "comment", text="She was mine, she cried all session"),
        ]
        land(store, run_id, "channel", Page(items=items), None)
        draw_audit(store, run_id, 5, AT)
        end_run(store, run_id, "complete", "", AT)
        publish(store)
    return home


def test_what_was_drawn_is_shown_answered_and_gone(acto: Acto, drawn: Path) -> None:
    """Otherwise the same texts would come every night, and the answers would be lost."""
    shown = acto("audit")
    assert shown.returncode == 0, shown.stderr
    assert "She was mine" in shown.stdout and "\x1b[31m" not in shown.stdout
    assert "nobody knows how much is missed" in shown.stdout
    missed = acto("audit", "youtube:2", "--missed", "O3")
    assert missed.returncode == 0 and "raise it as a concern" in missed.stdout
    assert acto("audit", "youtube:1", "--fine").returncode == 0
    answer = json.loads(acto("audit", "--json").stdout)
    assert answer["waiting"] == []
    assert (answer["result"]["looked_at"], answer["result"]["found_missed"]) == (2, 1)
    assert "2 texts looked at, 1 should have been flagged" in acto("audit").stdout
    assert answer["result"]["recall"] is None and "what share the checks find is not known" in acto("audit").stdout


def test_more_than_are_shown_are_counted(acto: Acto, home: Path) -> None:
    """Whoever has answered ten would take it that all is done."""
    with open_store(home) as store:
        run_id = start_run(store, "scan", AT)
        items = [Item("youtube", str(number), "comment", text=f"Lovely talk {number}") for number in range(12)]
        land(store, run_id, "channel", Page(items=items), None)
        draw_audit(store, run_id, 12, AT)
        end_run(store, run_id, "complete", "", AT)
        publish(store)
    assert "These are the oldest 10 of 12 that wait." in acto("audit").stdout
    assert acto("audit", "youtube:0", "--fine").returncode == 0
    assert acto("audit", "youtube:1", "--fine").returncode == 0
    assert "These are the oldest" not in acto("audit").stdout


def test_an_item_is_shown_once_and_its_id_can_be_pasted(acto: Acto, home: Path) -> None:
    """The terminal would take its parts for other arguments, or run them; and the clauses are said once each."""
    own_id = f"a b;$(x)'{'1' * 90}"
    with open_store(home) as store:
        for text in ("She cried all session", "She was kind"):
            run_id = start_run(store, "scan", AT)
            land(store, run_id, "channel", Page(items=[Item("youtube", own_id, "comment", text=text)]), None)
            draw_audit(store, run_id, 5, AT)
            end_run(store, run_id, "complete", "", AT)
        publish(store)
    shown = acto("audit").stdout
    assert "She was kind" in shown and "She cried" not in shown
    header = shown.splitlines()[0]
    assert shlex.split(header)[0] == f"youtube:{own_id}" and header.endswith("by somebody else")
    said = acto("audit", f"youtube:{own_id}", "--missed", "O3", "--missed", "O1", "--missed", "O3").stdout
    assert "should have been flagged: O1, O3." in said
    shown = acto("audit").stdout
    assert "She cried" in shown and "She was kind" not in shown, "the version that nobody has read"
    assert acto("audit", f"youtube:{own_id}", "--fine").returncode == 0
    assert "2 texts looked at, 1 should have been flagged" in acto("audit").stdout


def test_an_answer_holds_for_the_version_that_was_shown(acto: Acto, home: Path) -> None:
    """As on the page: what was edited since nobody has read, and what was a breach before the edit stays missed."""

    def night(text: str) -> None:
        with open_store(home) as store:
            run_id = start_run(store, "scan", AT)
            land(store, run_id, "channel", Page(items=[Item("youtube", "1", "comment", text=text)]), None)
            draw_audit(store, run_id, 5, AT)
            end_run(store, run_id, "complete", "", AT)
            publish(store)

    night("She cried all session")
    shown = shlex.split(acto("audit").stdout.splitlines()[0])[:3]
    assert shown == ["youtube:1", "--revision", "1"]
    assert [row["revision"] for row in json.loads(acto("audit", "--json").stdout)["waiting"]] == [1]
    night("She was kind")
    assert acto("audit", *shown, "--missed", "O3").returncode == 0
    answers = "SELECT revision, missed FROM store.audit ORDER BY revision"
    assert run_query(home / "history.duckdb", answers).rows == [(1, ["O3"]), (2, None)]
    assert "--revision 2" in acto("audit").stdout.splitlines()[0], "it was not shown"
    wrong = acto("audit", "youtube:1", "--revision", "3", "--fine")
    assert wrong.returncode == 1 and "Version 3 of 'youtube:1' was not drawn" in wrong.stdout + wrong.stderr
    assert "was not drawn" in acto("audit", "youtube:1", "--revision", "99999999999", "--fine").stderr
    assert acto("audit", "--revision", "2").returncode == 2


def test_what_is_missed_is_told_month_by_month(acto: Acto, home: Path) -> None:
    """The Chair sees whether the checks get better; and SQL, the list and JSON say the same."""
    with open_store(home) as store:
        for month, missed in ((9, 5), (10, 0), (11, None)):
            at = datetime(2026, month, 25, 3, tzinfo=UTC)
            run_id = start_run(store, "scan", at)
            items = [Item("youtube", f"{month}-{number}", "comment", text=f"Text {number}") for number in range(20)]
            land(store, run_id, "channel", Page(items=items), None)
            with store.transaction() as connection:
                connection.execute(
                    """INSERT INTO store.flag BY NAME
                       SELECT item_id AS flag_id, item_key, revision_id, revision, 'c' AS check_id, 'O3' AS clause
                       FROM store.revision JOIN store.item USING (item_key)
                       WHERE revision.run_id = ? AND split_part(item_id, '-', 2)::INTEGER < 10""",
                    [run_id],
                )
            draw_audit(store, run_id, 10, at)
            for number in range(10 if missed is not None else 0):
                decide(store, f"youtube:{month}-{number}", "resolved", "x", "Chair", at, None)
                answer_audit(
                    store, f"youtube:{month}-{10 + number}", ["O3"] if number < (missed or 0) else [], "Chair", at
                )
            end_run(store, run_id, "complete", "", at)
        publish(store)
    said = " ".join(acto("audit").stdout.split())
    assert (
        "20 texts looked at, 5 should have been flagged. By that the checks find about 80 % (likely 67 to 90 %)" in said
    )
    assert "Sep 2026: about 67 % (likely 57 to 81 %); 10 looked at, 5 should have been flagged" in said
    assert "Oct 2026: about 100 % (likely 78 to 100 %); 10 looked at, 0 should have been flagged" in said
    assert "Nov 2026: not known yet; 0 looked at, 0 should have been flagged, 10 flags not decided" in said
    answer = json.loads(acto("audit", "--json").stdout)
    assert [month["month"] for month in answer["months"]] == ["2026-09-01", "2026-10-01", "2026-11-01"]
    assert [month["recall"] for month in answer["months"]] == [pytest.approx(2 / 3), 1.0, None]
    asked = json.loads(acto("query", "recall-by-month", "--format", "json").stdout)
    assert [(row["month"], row["recall"], row["undecided"]) for row in asked] == [
        ("all", 0.8, 10), ("2026-09", 0.67, 0), ("2026-10", 1.0, 0), ("2026-11", None, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["youtube:1"], "Say either --fine, or --missed", 2),
        (["youtube:1", "--fine", "--missed", "O3"], "Say either --fine, or --missed", 2),
        (["youtube:9", "--fine"], "'youtube:9' was not drawn", 1),
    ],
)
def test_an_answer_that_says_nothing_is_refused(
    acto: Acto, drawn: Path, arguments: list[str], words: str, code: int
) -> None:
    done = acto("audit", *arguments)
    assert done.returncode == code and words in done.stderr
