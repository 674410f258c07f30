"""After a check has changed, older versions are judged again behind the night's report: all of them, and in nobody's way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from checks import runner
from checks.catalogue import FOLDER, Check, CheckError, load_checks
from checks.due import new_to
from checks.roster import Roster
from checks.runner import run_checks
from checks.scorer.scorer import ScorerError
from connectors.item import Item, Page
from flows import checking
from flows import recheck as rechecking
from flows.ending import asked_to_end
from flows.recheck import older_left, recheck
from flows.report_facts import Older
from flows.report_words import older_left as in_words
from flows.timeline import read_timeline
from flows.unloaded import why_not_loaded
from tests.conftest import Acto
from tests.flows.night import NOW, RUN, Night
from tests.sampling import IN_FULL
from warehouse.flags import decide
from warehouse.landing import land
from warehouse.query import run_query
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store

BREACH = "So glad my therapist accepted my friend request after our last session, number {}"
O1 = next(check for check in load_checks() if check.about.clause == "O1")


def a_history(home: Path, breaches: int, checks: list[Check], *, edited: bool = False) -> None:
    """Comments that an older version of the checks has judged and found harmless; published."""
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        for texts in (
            [BREACH.format(n) for n in range(breaches)],
            ["Lovely webinar, thank you all."] * breaches * edited,
        ):
            items = [Item("youtube", f"c{number}", "comment", text=text) for number, text in enumerate(texts)]
            land(store, run_id, "channel", Page(items=items), None)
        run_checks(store, run_id, roster=Roster(), checks=checks, at=datetime.now(UTC))
        connection = store.connection()
        connection.execute("DELETE FROM store.flag")
        connection.execute("UPDATE store.judged SET version = 0")
        publish(store)


def flagged(home: Path) -> list[tuple[object, ...]]:
    return run_query(home / "history.duckdb", "SELECT item_id, revision FROM flags ORDER BY ALL").rows


def test_what_is_found_is_published_and_the_history_says_which_run_found_it(home: Path) -> None:
    """Each version is judged, also one that was edited away since; what was found can be asked for at once."""
    a_history(home, 3, [O1], edited=True)
    with open_store(home) as store:
        assert older_left(store, [O1], 60) == Older(6, 1)
        assert older_left(store, [O1], 0) == Older(6, None)
    done = recheck(home, Roster(), [O1], seconds=60)
    assert (done.judged, done.flags_new, done.done, done.problems) == (6, 3, True, [])
    assert flagged(home) == [("youtube:c0", 1), ("youtube:c1", 1), ("youtube:c2", 1)]
    runs = run_query(home / "history.duckdb", "SELECT kind, outcome, flags_new FROM runs ORDER BY run_id").rows
    assert ("recheck", "complete", 3) in runs
    with open_store(home) as store:
        assert older_left(store, [O1], 60) is None
    assert recheck(home, Roster(), [O1], seconds=60).judged == 0


@pytest.mark.parametrize("unscored", [False, True])
def test_a_comparison_says_what_its_figures_are_without(
    unscored: bool, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check that could not be run would newly flag nothing: taken for a result, that lets a faulty check go live."""

    def fail(*_: object) -> Any:
        raise ScorerError("its file is not there") if unscored else ValueError

    a_history(home, 1, [O1])
    monkeypatch.setenv("ACTO_HOME", str(home))
    if unscored:
        monkeypatch.setattr(runner, "default_scorer", fail)
    else:
        monkeypatch.setattr(checking, "loadable_checks", lambda: ([replace(O1, transform=fail)], {}))
    assert checking.show_difference([], as_json=False) == 3
    said = capsys.readouterr()
    problem = "the scorer could not" if unscored else "(O1) could not be run: ValueError."
    before, after = " ".join(said.out.split()).split("would newly flag:")
    assert "These figures are without what could not be done:" in before and problem in before
    assert problem in " ".join(said.err.split()) and "would no longer flag:" in after


def test_a_comparison_tells_what_was_decided_from_what_would_be_lost(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That a false alarm goes is what a check is changed for; that one which was escalated goes is a reason not to."""
    with open_store(home) as store:
        items = [Item("youtube", f"c{number}", "comment", text=BREACH.format(number)) for number in range(3)]
        land(store, start_run(store, "scan", datetime.now(UTC)), "channel", Page(items=items), None)
        run_checks(store, "r", roster=Roster(), checks=[O1], at=datetime.now(UTC))
        rows = store.connection().execute("SELECT flag_id, item_id FROM flags ORDER BY item_id").fetchall()
        for (flag_id, _), decision in zip(rows, ("dismissed", "escalated"), strict=False):
            decide(store, flag_id, decision, "Because", "Chair", datetime.now(UTC), None)
        publish(store)
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "300")
    nothing = replace(O1, transform=lambda rows: rows.head(0)[[]], about=O1.about.model_copy(update={"scored": False}))
    monkeypatch.setattr(checking, "loadable_checks", lambda: ([nothing], {}))
    assert checking.show_difference([], as_json=False) == 0
    said = capsys.readouterr().out.split("no longer flag: ")[1]
    assert said.startswith("2\n") and "youtube:c0" not in said
    assert "O1  high, escalated  youtube:c1" in said and "O1  high  youtube:c2" in said
    assert "Dismissed already, and no longer flagged either: 1" in said
    assert checking.show_difference([], as_json=True) == 0
    gone = json.loads(capsys.readouterr().out)["no_longer_flagged"]
    assert [(one["item_id"], one["severity"], one["decision"]) for one in gone] == [
        ("youtube:c0", "high", "dismissed"), ("youtube:c1", "high", "escalated"), ("youtube:c2", "high", None),
    ]  # fmt: skip


def test_where_the_program_lies_on_its_machine_is_not_told_with_why_a_check_cannot_be_loaded() -> None:
    """It goes out by mail, and who mends it needs the place in the project alone."""
    path = FOLDER / "r2_own_safety" / "check.toml"
    fault = CheckError(f"{path} cannot be read: [Errno 13] Permission denied: '{path}'")
    told = "checks/r2_own_safety/check.toml"
    assert why_not_loaded({"r2_own_safety": fault}) == [
        f"The check r2_own_safety could not be run. {told} cannot be read: [Errno 13] Permission denied: '{told}'."
    ]


@pytest.mark.parametrize("difference", [False, True])
def test_a_check_that_cannot_be_loaded_is_named_and_the_others_judge(
    difference: bool, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in a scan; it is counted what is still to be judged by it, and that stays new to it."""
    fault = CheckError("r2_own_safety/check.toml: severity: Input should be 'urgent'")
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(checking, "loadable_checks", lambda: ([O1], {"r2_own_safety": fault}))
    with open_store(home) as store:
        items = [Item("youtube", "c", "comment", text=BREACH.format(1))]
        land(store, start_run(store, "import", datetime.now(UTC)), "channel", Page(items=items), None)
        publish(store)
    why = f"The check r2_own_safety could not be run. {fault}."
    if difference:
        assert checking.show_difference([], as_json=False) == 3
        said = capsys.readouterr()
        assert why in " ".join(said.err.split()) and "would newly flag: 1" in said.out
        return
    assert checking.check_again([], all_history=False, as_json=False) == 3
    said = capsys.readouterr()
    assert said.out == "1 version of an item judged: 1 new flag, 0 no longer found.\n"
    assert f"{why} 1 version of an item could not be checked by it." in " ".join(said.err.split())
    with open_store(home) as store:
        ended = "SELECT outcome, note FROM store.run_ended JOIN store.run_started USING (run_id) WHERE kind = 'check'"
        [(outcome, note)] = store.connection().execute(ended).fetchall()
        assert outcome == "partial" and note.startswith(why)
        assert new_to(store, ["r2_own_safety"]) == {"r2_own_safety": [(0, 1)]}
    assert checking.check_again(["O1"], all_history=False, as_json=False) == 0, "nothing is missing of what was asked"


def test_what_one_check_alone_has_judged_is_still_new_to_the_others(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Taken for older, it would not be in the next report, and be removed for its age with no other check having read it."""
    monkeypatch.setenv("ACTO_HOME", str(home))
    with open_store(home) as store:
        items = [Item("youtube", "c", "comment", text=BREACH.format(1))]
        land(store, start_run(store, "import", datetime.now(UTC)), "channel", Page(items=items), None)
    assert checking.check_again(["O3"], all_history=False, as_json=False) == 0
    timeline = read_timeline(home / "history.duckdb", "youtube:c")
    assert timeline is not None
    others = [check for check in load_checks() if check.about.clause != "O3"]
    assert [(one.clause, one.tried) for one in timeline.unjudged] == [(one.about.clause, False) for one in others]
    with open_store(home) as store:
        run_checks(store, "night", roster=Roster(), checks=load_checks(), at=datetime.now(UTC))
        assert store.connection().execute("SELECT clause, run_id FROM flags").fetchall() == [("O1", "night")]


@pytest.mark.slow
def test_it_ends_with_its_time_and_goes_on_the_next_night(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million versions take several nights; none of them may begin at the beginning."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 1)
    a_history(home, 20, [O1])
    with monkeypatch.context() as patch:
        # A clock that goes on by a second whenever somebody looks.
        patch.setattr(rechecking, "monotonic", iter(range(1_000)).__next__)
        done = recheck(home, Roster(), [O1], seconds=15)
    assert 0 < done.judged < 20 and not done.done
    assert len(flagged(home)) == done.judged, "what was found until then is published"
    assert recheck(home, Roster(), [O1], seconds=600).judged == 20 - done.judged
    assert len(flagged(home)) == 20


def test_others_have_their_turn_in_between(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`acto decide` must not wait for an hour because a check was changed."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 1)
    a_history(home, 4, [O1])
    left: list[Older | None] = []

    def take_a_turn() -> None:
        with open_store(home) as store:
            left.append(older_left(store, [O1], 60))

    other = threading.Thread(target=take_a_turn)
    began, take = threading.Event(), rechecking._take_a_turn

    def begin_the_other(*given: object) -> None:
        if not began.is_set():
            began.set()
            other.start()
            time.sleep(0.5)
        take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rechecking, "_take_a_turn", begin_the_other)
    done = recheck(home, Roster(), [O1], seconds=300)
    other.join()
    assert (done.judged, done.done, len(flagged(home))) == (4, True, 4)
    assert left[0] is not None and 0 < left[0].versions < 4, "it had its turn in the middle"


def test_being_asked_to_end_ends_it_after_a_slice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine is shut down at night: what was judged is kept, and nothing is broken off half-way."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 1)
    a_history(home, 3, [O1])
    gives_way: Callable[..., bool] = rechecking.gives_way

    def end(*given: object) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return gives_way(*given)

    monkeypatch.setattr(rechecking, "gives_way", end)
    before = signal.getsignal(signal.SIGTERM)
    done = recheck(home, Roster(), [O1], seconds=300)
    assert (done.judged, len(flagged(home))) == (2, 2), "it is asked for after the slice in which it came"
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_second_request_to_end_is_obeyed_at_once(request: pytest.FixtureRequest) -> None:
    """Somebody who presses Ctrl-C twice means it."""
    # What is started in a shell's background ignores Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with pytest.raises(KeyboardInterrupt), asked_to_end() as ends:
        assert not ends()
        os.kill(os.getpid(), signal.SIGINT)
        assert ends()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)


def test_a_check_that_cannot_run_is_said(home: Path) -> None:
    """It must not look as if all had been judged again."""
    a_history(home, 1, [O1])

    def fail(_: object) -> object:
        raise ValueError("a text of somebody's, which must not be shown")

    broken = Check(O1.folder, O1.about, fail)  # type: ignore[arg-type]
    done = recheck(home, Roster(), [broken], seconds=60)
    assert len(done.problems) == 1 and "ValueError" in done.problems[0] and "somebody" not in done.problems[0]
    with open_store(home) as store:
        assert older_left(store, [O1], 60) == Older(1, 1)


def failing_on(word: str) -> Check:
    """O1 with a rule that fails on the texts with a word."""

    def transform(rows: pd.DataFrame) -> pd.DataFrame:
        if rows.normalised_text.str.contains(word, regex=False).any():
            raise ValueError("a text of somebody's, which must not be shown")
        return O1.transform(rows)

    return replace(O1, transform=transform)


@pytest.mark.parametrize("size", [100, 2, 1])
def test_a_text_on_which_a_check_fails_holds_up_none_of_those_behind_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Each night ended at the same text: what was posted before it would never have been judged again."""
    monkeypatch.setattr(runner, "SHORT_SLICE", size)
    a_history(home, 6, [O1])
    faulty, others = failing_on("number 3"), sorted((f"youtube:c{number}", 1) for number in (0, 1, 2, 4, 5))
    for versions, new in ((6, 5), (1, 0)):
        done = recheck(home, Roster(), [faulty], seconds=60)
        assert (done.judged, done.flags_new, done.done, len(done.problems)) == (versions, new, False, 1)
        assert "ValueError. 1 version of an item could not be checked by it; the next run tries" in done.problems[0]
        assert flagged(home) == others
        with open_store(home) as store:
            assert older_left(store, [faulty], 60) == Older(1, 1)
    assert recheck(home, Roster(), [O1], seconds=60).done and len(flagged(home)) == 6


def test_others_have_their_turn_beside_a_text_on_which_a_check_fails(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who waits must not end the pass for this night either, nor have the text tried again and again."""
    monkeypatch.setattr(runner, "SHORT_SLICE", 1)
    monkeypatch.setattr(rechecking, "gives_way", lambda _: True)
    a_history(home, 3, [O1])
    done = recheck(home, Roster(), [failing_on("number 2")], seconds=60)
    assert (done.judged, done.flags_new, len(done.problems)) == (3, 2, 1)


def test_all_history_is_judged_past_a_text_on_which_a_check_fails(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is asked for because somebody wants to know that all was judged: what could not be is told, once, and by the code."""
    a_history(home, 6, [O1])
    monkeypatch.setenv("ACTO_HOME", str(home))
    monkeypatch.setattr(checking, "loadable_checks", lambda: ([failing_on("number 3")], {}))
    assert checking.check_again([], all_history=True, as_json=False) == 3
    said = capsys.readouterr()
    assert said.out == "6 versions of items judged: 5 new flags, 0 no longer found.\n"
    told = " ".join(said.err.split())
    assert told.count("(O1) could not be run on some texts: ValueError. 1 version of an item could not be checked") == 1
    assert "must not be shown" not in told
    assert flagged(home) == sorted((f"youtube:c{number}", 1) for number in (0, 1, 2, 4, 5))
    with open_store(home) as store:
        assert older_left(store, [O1], 60) == Older(1, 1), "it alone is tried again"


KILLED = """\
import sys
from pathlib import Path
from checks import runner
from checks.catalogue import load_checks
from checks.roster import Roster
from flows.recheck import recheck
runner.SHORT_SLICE = 1
print("ready", flush=True)
print(recheck(Path(sys.argv[1]), Roster(), [c for c in load_checks() if c.about.clause == "O1"], seconds=300))
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(home: Path) -> None:
    """Killed as by a power cut again and again, it ends with the flags of a pass that nobody disturbed."""
    kills, moments, breaches = (12 if IN_FULL else 1), random.Random(20261126), 40
    a_history(home, breaches, [O1])
    killed = 0
    while killed < kills:
        with subprocess.Popen([sys.executable, "-c", KILLED, str(home)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.2, 1.5))
            process.kill()
        killed += 1
    done = recheck(home, Roster(), [O1], seconds=300)
    assert done.done and flagged(home) == sorted((f"youtube:c{number}", 1) for number in range(breaches))
    kept = "SELECT count(*), count(DISTINCT up_to) FROM store.judged WHERE version > 0 AND up_to - after_id = 1"
    assert len(set(run_query(home / "history.duckdb", kept).rows[0])) == 1, "no slice was judged twice"


@pytest.mark.slow
def test_all_history_is_judged_at_once_when_asked_and_the_comparison_needs_no_turn(acto: Acto, home: Path) -> None:
    """A developer sees first what a changed check would do, also while a run goes on, and then has it done at once."""
    a_history(home, 2, load_checks(), edited=True)
    with open_store(home):
        compared = acto("check", "--diff", "--all-history", timeout=100)
    assert "would newly flag: 2" in compared.stdout and "would no longer flag: 0" in compared.stdout, compared.stderr
    assert flagged(home) == []
    done = acto("check")
    assert "0 versions of items judged: 0 new flags, 0 no longer found.\n4 older versions are still" in done.stdout
    assert acto("check", "--all-history").stdout == "4 versions of items judged: 2 new flags, 0 no longer found.\n"
    assert flagged(home) == [("youtube:c0", 1), ("youtube:c1", 1)]
    lengths = "SELECT bool_and(ended_at > started_at) FROM runs WHERE kind = 'check'"
    assert run_query(home / "history.duckdb", lengths).rows == [(True,)], "who wonders how long it takes can see it"


def test_the_report_says_what_was_found_in_older_items_and_what_is_left(night: Night) -> None:
    """Posts of two years ago in tonight's report: the Chair must know why."""
    later = "20261120T050000Z-bbbb"
    night.insert("run_started", run_id=later, kind="recheck", started_at=NOW)
    old = night.flag(night.item("old", "add me please", at=NOW - timedelta(days=700)), "add me")
    night.store.connection().execute("UPDATE store.flag SET run_id = ? WHERE flag_id = ?", [later, old])
    night.read()
    report = night.compose(older=Older(12_400, 3))
    assert "The one to look at was found when older items were read" in " ".join(report.plain.split())
    assert "Found when older items were read again with the changed check." in report.plain
    assert "Found when older items were read again with the changed check." in report.html
    left = "12,400 older versions are still to be read again with the changed checks; about 3 nights."
    assert left in " ".join(report.plain.split()) and left in report.html
    night.flag(night.item("new", "add me too"), "add me")
    assert "1 of the 2 to look at was found when older" in " ".join(night.compose().plain.split())
    assert "still to be read again" not in night.compose().html


def test_what_is_left_is_said_in_words() -> None:
    assert in_words(None) == ""
    assert in_words(Older(1, 1)) == "1 older version is still to be read again with the changed checks; about 1 night."
    assert "acto check --all-history" in in_words(Older(5, None))


def test_a_flag_whose_words_were_edited_away_says_so(night: Night) -> None:
    """Taken out before anybody looked: the Chair would look for it in vain, and it was posted all the same."""
    away, other = night.item("away", "add me please"), night.item("other", "add me please")
    night.flag(away, "add me")
    night.flag(other, "add me")
    night.edit(away, "never mind")
    night.edit(other, "do add me, please")
    night.read()
    report = night.compose()
    for text in (" ".join(report.plain.split()), report.html):
        assert text.count("Edited away since: it was posted, and these words are no longer in the text.") == 1
        assert text.count("The text has been edited since this version.") == 1
    assert RUN in report.report_id
