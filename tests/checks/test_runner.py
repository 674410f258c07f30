"""Which versions of items a run judges, and what becomes of flags when a text or a check changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from checks import runner
from checks.catalogue import Check
from checks.roster import Roster
from checks.runner import Judged, compare, run_checks
from connectors.item import Item, Page
from warehouse.flags import decide
from warehouse.landing import land
from warehouse.store import Store

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
MakeCheck = Callable[..., Check]


def post(store: Store, texts: dict[str, str], thread: str = "t1") -> None:
    items = [
        Item(platform="x", id=name, kind="comment", text=text, thread_id=thread, author_id=name)
        for name, text in texts.items()
    ]
    land(store, "run", "channel", Page(items=items), None)


def judge(store: Store, *checks: Check, **options: object) -> Judged:
    return run_checks(store, "run", roster=Roster(), checks=checks, at=AT, **options)  # type: ignore[arg-type]


def flags(store: Store) -> list[tuple[object, ...]]:
    sql = "SELECT item_id, revision, check_version, status FROM flags ORDER BY ALL"
    return store.connection().execute(sql).fetchall()


def test_a_night_judges_what_is_new_and_nothing_twice(store: Store, word_check: MakeCheck) -> None:
    """The cost of a night grows with what is new, not with history; a flag is raised once."""
    check = word_check("secret")
    post(store, {"a": "a secret", "b": "nothing"})
    assert judge(store, check) == Judged(revisions=2, flags_new=1)
    assert judge(store, check) == Judged()
    post(store, {"c": "another secret"})
    assert judge(store, check) == Judged(revisions=1, flags_new=1)
    assert flags(store) == [("x:a", 1, 1, "open"), ("x:c", 1, 1, "open")]


def test_an_edit_is_judged_again_and_the_old_flag_stays(store: Store, word_check: MakeCheck) -> None:
    """What was edited away before we told anyone was still posted."""
    check = word_check("secret")
    post(store, {"a": "a secret"})
    judge(store, check)
    post(store, {"a": "harmless"})
    assert judge(store, check) == Judged(revisions=1)
    assert flags(store) == [("x:a", 1, 1, "open")]


def test_a_new_version_judges_all_history_and_withdraws_what_it_no_longer_finds(
    store: Store, word_check: MakeCheck
) -> None:
    post(store, {"a": "a secret", "b": "a riddle"})
    judge(store, word_check("secret"))
    assert judge(store, word_check("riddle", version=2)) == Judged(revisions=2, flags_new=1, flags_withdrawn=1)
    assert flags(store) == [("x:a", 1, 1, "expired"), ("x:b", 1, 2, "open")]
    judge(store, word_check("secret", version=3))
    assert ("x:a", 1, 1, "open") in flags(store), "found again, the flag stands again"


def test_a_decision_outlives_a_changed_check(store: Store, word_check: MakeCheck) -> None:
    """What the Chair has said about a flag is not undone by a developer."""
    post(store, {"a": "a secret"})
    judge(store, word_check("secret"))
    flag_id = store.connection().execute("SELECT flag_id FROM flags").fetchall()[0][0]
    decide(store, flag_id, "escalated", "Spoke to the member", "chair", AT, None)
    judge(store, word_check("riddle", version=2))
    assert flags(store) == [("x:a", 1, 1, "escalated")]


def test_a_check_that_failed_judges_the_same_again_next_time(
    store: Store, raising_check: Check, word_check: MakeCheck
) -> None:
    """A broken check must not let the night's comments go by unjudged for ever."""
    post(store, {"a": "the secret"})
    done = judge(store, raising_check, word_check("secret"))
    assert len(done.problems) == 1 and done.flags_new == 1
    mended = word_check("the", name="r3_broken", version=1, scope="thread")
    assert judge(store, mended, word_check("secret", scope="author")).flags_new == 1


def test_certain_items_are_judged_whatever_was_judged_before(store: Store, word_check: MakeCheck) -> None:
    check = word_check("secret")
    post(store, {"a": "a secret", "b": "b secret"})
    judge(store, check)
    assert judge(store, check, item_ids=["x:a"]) == Judged(revisions=1)
    assert judge(store, word_check("riddle", version=2), item_ids=["x:a"]) == Judged(revisions=1, flags_withdrawn=1)
    assert flags(store) == [("x:a", 1, 1, "expired"), ("x:b", 1, 1, "open")]
    assert judge(store, word_check("riddle", version=2, scope="thread")).revisions == 2, "the watermark has not moved"


def test_all_history_is_judged_again_when_asked(store: Store, word_check: MakeCheck) -> None:
    check = word_check("secret")
    post(store, {"a": "a secret"})
    post(store, {"a": "no more"})
    judge(store, check)
    assert judge(store, check, all_history=True) == Judged(revisions=2)


def test_a_long_history_is_judged_in_slices_with_the_same_outcome(
    store: Store, word_check: MakeCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory stays flat over a history of any length."""
    monkeypatch.setattr(runner, "SLICE", 3)
    post(store, {f"i{number}": "a secret" if number % 2 else "nothing" for number in range(10)})
    assert judge(store, word_check("secret")) == Judged(revisions=10, flags_new=5)


@pytest.mark.parametrize(("scope", "expected"), [("row", 1), ("thread", 2), ("author", 2), ("global", 3)])
def test_a_check_sees_the_whole_of_its_slice(store: Store, word_check: MakeCheck, scope: str, expected: int) -> None:
    """A check about threads, authors or everything needs the old rows of the slices that something new came to."""
    post(store, {"a": "one"}, thread="t1")
    post(store, {"b": "two"}, thread="t2")
    check = word_check("secret", scope=scope)
    judge(store, check)
    post(store, {"a": "one more"}, thread="t1")
    assert judge(store, check).revisions == expected


def test_a_comparison_says_what_would_change_and_changes_nothing(store: Store, word_check: MakeCheck) -> None:
    post(store, {"a": "a secret", "b": "a riddle"})
    judge(store, word_check("secret"))
    before = flags(store)
    changed = compare(store, roster=Roster(), checks=[word_check("riddle", version=2)])
    assert [one.item_id for one in changed.newly_flagged] == ["x:b"]
    assert [one.item_id for one in changed.no_longer_flagged] == ["x:a"]
    assert flags(store) == before
    assert compare(store, roster=Roster(), checks=[word_check("secret", scope="author")]) == runner.Difference([], [])
