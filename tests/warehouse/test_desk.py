"""What the Chair said while a run held the history: stored once, in its order, and never at the run's cost."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.item import Item, Page
from tests.flows.night import Night
from warehouse import desk
from warehouse.desk import forget_published, keep, not_stored, take_over, waiting
from warehouse.flags import decide, reopen_lapsed
from warehouse.judged import last_revision, to_judge
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import Store, open_store

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


def flagged(home: Path) -> str:
    """A history with one flag."""
    with open_store(home) as store:
        night = Night(store)
        return night.flag(night.item("a1", "add me privately"), "add me")


def decisions(store: Store) -> list[tuple[object, ...]]:
    """The log in its order."""
    return (
        store.connection().execute("SELECT decision, reason, expires_at FROM store.decision ORDER BY rowid").fetchall()
    )


def test_entries_are_stored_once_in_their_order_and_removed_when_published(home: Path) -> None:
    """Told twice, a decision would count twice; removed too early, the page would show what stood before."""
    flag = flagged(home)
    end = NOW + timedelta(days=400)
    keep(home, "decision", "chair", NOW, flag_id=flag, decision="escalated", text="First", expires_at=None)
    keep(home, "decision", "chair", NOW, flag_id=flag, decision="dismissed", text="Then", expires_at=end)
    keep(home, "note", "chair", NOW, flag_id=flag, text="A note")
    for _ in range(2):
        with open_store(home) as store:
            assert decisions(store) == [("escalated", "First", None), ("dismissed", "Then", end)]
            assert store.connection().execute("SELECT text, written_by FROM store.note").fetchall() == [
                ("A note", "chair")
            ]
            assert len(waiting(home)) == 3, "not published yet"
    with open_store(home) as store:
        publish(store)
    assert waiting(home) == [] and list((home / "desk").iterdir()) == []


def test_a_kill_between_storing_and_removing_doubles_nothing(home: Path) -> None:
    """The files as they lay before come back, as after a power cut: what is stored is known by its id."""
    flag = flagged(home)
    keep(home, "decision", "chair", NOW, flag_id=flag, decision="resolved", text="Done", expires_at=None)
    keep(home, "concern", "chair", NOW, text="A list lies open", who="", place="https://drive.example/x", clause="O5")
    shutil.copytree(home / "desk", home / "before")
    with open_store(home) as store:
        publish(store)
    shutil.copytree(home / "before", home / "desk", dirs_exist_ok=True)
    with open_store(home) as store:
        assert len(decisions(store)) == 1
        found = store.connection().execute(
            "SELECT url, evidence FROM flags JOIN items USING (item_id) WHERE check_id = 'raised_concern'"
        )
        assert found.fetchall() == [("https://drive.example/x", "A list lies open")]
        forget_published(store)
    assert waiting(home) == []


def test_a_kill_while_a_concern_is_stored_leaves_one_concern(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes three transactions: stopped before the last of them, it is done again and stands once."""
    flagged(home)
    keep(home, "concern", "chair", NOW, text="A leak", who="Orla", place="", clause="S1")
    whole = desk.keep_concern

    def killed(*arguments: object, **more: object) -> str:
        whole(*arguments, **more)  # type: ignore[arg-type]
        raise OSError("killed here")

    monkeypatch.setattr(desk, "keep_concern", killed)
    with open_store(home):
        assert len(waiting(home)) == 1
    monkeypatch.undo()
    with open_store(home) as store:
        rows = (
            store.connection()
            .execute("SELECT severity, clause FROM flags WHERE check_id = 'raised_concern'")
            .fetchall()
        )
        assert rows == [("urgent", "S1")]
        assert store.connection().execute("SELECT count(*) FROM store.revision").fetchall() == [(2,)]
        assert store.connection().execute("SELECT entry_id FROM store.desk_taken").fetchall() == [
            (waiting(home)[0].id,)
        ]


def test_what_can_never_be_stored_is_put_aside_and_stops_nothing(home: Path) -> None:
    """A flag that was erased meanwhile, a file that a disk has eaten: the night goes on, and the page says so."""
    flag = flagged(home)
    keep(home, "decision", "chair", NOW, flag_id="gone", decision="resolved", text="x", expires_at=None)
    keep(home, "decision", "chair", NOW, flag_id=flag, decision="nonsense", text="x", expires_at=None)
    (home / "desk" / "0.json").write_bytes(b"\0{")
    keep(home, "decision", "chair", NOW, flag_id=flag, decision="resolved", text="Right", expires_at=None)
    with open_store(home) as store:
        assert decisions(store) == [("resolved", "Right", None)]
        publish(store)
    assert len(not_stored(home)) == 3 and waiting(home) == []


def test_a_note_on_a_flag_that_is_gone_is_put_aside(home: Path) -> None:
    """Kept, it would lie there for good: erasing and handing over find a note by its flag."""
    flag = flagged(home)
    keep(home, "note", "chair", NOW, flag_id="gone", text="Rang the member")
    keep(home, "note", "chair", NOW, flag_id=flag, text="Rang again")
    with open_store(home) as store:
        assert store.connection().execute("SELECT text FROM store.note").fetchall() == [("Rang again",)]
    assert len(not_stored(home)) == 1


def test_the_end_of_a_dismissal_stands_in_the_log_once(home: Path) -> None:
    flag = flagged(home)
    with open_store(home) as store:
        decide(store, flag, "dismissed", "For now", "chair", NOW, NOW + timedelta(days=7))
        for days in (6, 8, 9):
            reopen_lapsed(store, NOW + timedelta(days=days))
        assert [row[0] for row in decisions(store)] == ["dismissed", "reopened"]
        assert store.connection().execute("SELECT status, decided_at IS NULL FROM flags").fetchall() == [
            ("open", False)
        ]
        decide(store, flag, "undone", "Taken back.", "chair", NOW, None)
        assert store.connection().execute("SELECT status, decided_at IS NULL FROM flags").fetchall() == [("open", True)]


@pytest.mark.parametrize(("texts", "expected"), [
    (["add me privately", "add me", "add me privately"], ["dismissed", "open", "dismissed"]),
    (["add me privately", "add me privately please"], ["dismissed", "open"]),
])  # fmt: skip
def test_a_dismissal_holds_for_its_content_and_its_check(home: Path, texts: list[str], expected: list[str]) -> None:
    """Changed text comes back to the Chair; the very text that was dismissed does not, and the log says why."""
    import pandas as pd

    with open_store(home) as store:
        for revision, text in enumerate(texts, 1):
            run_id = start_run(store, "scan", NOW)
            land(store, run_id, "page", Page(items=[Item("youtube", "1", "comment", text=text)]), None)
            with to_judge(store) as pending:
                pending.want([(revision - 1, revision)], None, "row")
                finding = {
                    "revision_id": revision, "item_id": "youtube:1", "revision": revision, "check_id": "o1", "check_version": 1,
                    "clause": "O1", "severity": "high", "score": 1.0, "evidence": "add me", "start_char": 0, "end_char": 6,
                    "reason": "x",
                }  # fmt: skip
                frame = pd.DataFrame([finding])
                pending.keep(run_id, {("o1", 1): frame}, [], NOW, withdraws=True)
            if revision == 1:
                [(flag,)] = store.connection().execute("SELECT flag_id FROM flags").fetchall()
                decide(store, flag, "dismissed", "A known joke", "chair", NOW, None)
        rows = store.connection().execute("SELECT status FROM flags ORDER BY revision").fetchall()
        assert [status for (status,) in rows] == expected
        carried = [row[1] for row in decisions(store)][1:]
        assert carried == ["The text is again what it was when this was dismissed."] * (expected.count("dismissed") - 1)


def test_a_concern_is_not_judged_again(home: Path) -> None:
    """It is flagged already: the checks would flag the Chair's own words a second time."""
    with open_store(home) as store:
        keep(home, "concern", "chair", NOW, text="You leaked the member list", who="", place="", clause="O5")
        take_over(store)
        with to_judge(store) as pending:
            assert pending.want([(0, last_revision(store))], None, "row") == 0
