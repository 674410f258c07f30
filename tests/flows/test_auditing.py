"""`acto audit`: the Chair looks at what was not flagged, and learns how much is missed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.item import Item, Page
from tests.conftest import Acto
from warehouse.audit import draw_audit
from warehouse.landing import land
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
    assert "how much the checks miss is not known" in shown.stdout
    missed = acto("audit", "youtube:2", "--missed", "O3")
    assert missed.returncode == 0 and "raise it as a concern" in missed.stdout
    assert acto("audit", "youtube:1", "--fine").returncode == 0
    answer = json.loads(acto("audit", "--json").stdout)
    assert answer["waiting"] == []
    assert (answer["result"]["looked_at"], answer["result"]["found_missed"]) == (2, 1)
    assert "2 audit items looked at, 1 should have been flagged" in acto("audit").stdout


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
