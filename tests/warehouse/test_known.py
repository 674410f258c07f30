"""What is read again, and when: too seldom and deletions are missed, too often and calls are wasted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.item import Gone, Item, Page, ThreadRead
from tests.warehouse.conftest import NOW, comment
from warehouse.flags import decide
from warehouse.known import History
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.schedule import Schedule
from warehouse.store import Store


def read(store: Store, *items: Item, at: datetime = NOW, **page: Any) -> None:
    """Land a page, and say that its threads were read whole `at`."""
    land(store, start_run(store, "scan", NOW), "channel", Page(items=items, **page), None)
    with store.transaction() as connection:
        connection.execute("UPDATE store.thread_read SET recorded_at = ?", [at])


def history(store: Store, at: datetime = NOW, source: str = "channel", **more: Any) -> History:
    return History(store, source, at, Schedule(), **more)


def aged(days: float) -> Item:
    """A thread begun so many days ago."""
    return comment(f"c{days:g}", created_at=NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("age", "read_days_ago", "due"),
    [
        (1, 0, True),
        (6, 0.01, True),
        (14, 1, False),
        (14, 2, True),
        (70, 9, False),
        (70, 10, True),
        (700, 29, False),
        (700, 30, True),
    ],
)
def test_a_thread_is_read_ever_more_rarely(store: Store, age: float, read_days_ago: float, due: bool) -> None:
    """On every scan for a week, then after a seventh of its age, at least once in thirty days."""
    one = aged(age)
    read(store, one, at=NOW - timedelta(days=read_days_ago), threads=[ThreadRead(one.id)])
    assert history(store).is_due(one.id) is due
    assert [thread.id for thread in history(store).due()] == ([one.id] if due else [])


def test_a_new_comment_makes_an_old_thread_young(store: Store) -> None:
    """Where people talk again, edits and deletions are likely again."""
    read(
        store, aged(200), comment("r", thread_id="c200", parent_id="c200", created_at=NOW),
        threads=[ThreadRead("c200")],
    )  # fmt: skip
    assert history(store).is_due("c200")


def test_a_counter_that_has_changed_makes_a_thread_due(store: Store) -> None:
    """That is how a comment of today on a post of last year is found the same night."""
    read(store, aged(200), threads=[ThreadRead("c200", counted=7)])
    known = history(store)
    assert (known.is_due("c200"), known.is_due("c200", 7), known.is_due("c200", 8), known.is_due("c200", 0)) == (
        False, False, True, True,
    )  # fmt: skip


def test_what_was_never_read_whole_is_due(store: Store) -> None:
    """A thread whose reading broke off, and one that nobody knows."""
    read(store, aged(200))
    assert history(store).is_due("c200") and history(store).is_due("never seen")
    assert [thread.id for thread in history(store).due()] == ["c200"]
    assert history(store).due()[0].begun_at == NOW - timedelta(days=200)


def test_a_thread_that_is_gone_is_looked_for_seldom(store: Store) -> None:
    """It may come back, but a deleted post must not cost a call every night."""
    read(store, aged(1), threads=[ThreadRead("c1")], gone=[Gone("c1")])
    assert not history(store).is_due("c1") and history(store).due() == []
    assert history(store, NOW + timedelta(days=30)).is_due("c1")


def test_of_a_thread_is_known_what_still_stands(store: Store) -> None:
    """What is missing can be looked up by its id; what is known to be deleted need not be."""
    replies = [comment(name, thread_id="c200", parent_id="c200") for name in ("a", "b", "c", "d")]
    read(store, aged(200), *replies, threads=[ThreadRead("c200")])
    read(store, gone=[Gone("a", "author removed"), Gone("b", "access lost")])
    assert history(store).standing("c200") == {"c200", "b", "c", "d"}
    assert history(store).standing("other") == set() == history(store, source="other").standing("c200")
    assert history(store).number_standing() == 1
    read(store, gone=[Gone("c200")])
    assert history(store).number_standing() == 0


def test_for_days_that_the_user_asked_for_everything_is_due(store: Store) -> None:
    """`acto scan --since` reads what it is told to, and nothing else."""
    read(store, aged(200), threads=[ThreadRead("c200", counted=7)])
    known = history(store, all_due=True)
    assert known.is_due("c200", 7) and known.due() == () and known.standing("c200") == {"c200"}


@pytest.mark.parametrize(("decision", "due"), [("", True), ("removal_asked", True), ("resolved", False)])
def test_what_the_chair_waits_for_is_read_in_time(store: Store, decision: str, due: bool) -> None:
    """Whether the comment was removed as asked must show before the platform's terms ask for its words."""
    read(store, aged(200), threads=[ThreadRead("c200")], at=NOW - timedelta(days=1))
    with store.transaction() as connection:
        connection.execute(
            """INSERT INTO store.flag SELECT 'f', item_key, 1, 1, 'c', 1, 'O1', 'high', 0.9, 'e', 0, 1, 'r', run_id, now()
               FROM store.item"""
        )
    if decision:
        decide(store, "f", decision, "", "Chair", NOW, None)
    known = History(store, "channel", NOW, Schedule().within(timedelta(hours=48)))
    assert known.is_due("c200") is due
