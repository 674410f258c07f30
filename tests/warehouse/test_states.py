"""States: what is gone is said only where all of it was read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.item import Item, Page
from tests.warehouse.conftest import NOW, comment, rows
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.states import settle
from warehouse.store import Store

OLD, NEW = NOW - timedelta(days=90), NOW - timedelta(days=2)
THREADS = (
    comment("old", created_at=OLD),
    comment("old.reply", thread_id="old", parent_id="old", created_at=NEW),
    comment("new", created_at=NEW),
    comment("new.reply", thread_id="new", parent_id="new", created_at=NEW),
    comment("orphan", thread_id="unknown", created_at=NEW),
)


class Nights:
    """Passes over a source, one after another."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def read(self, *seen: str, complete: bool = True, source: str = "channel", **bounds: datetime | None) -> int:
        """A pass that shows the items with these ids; how many became absent."""
        begun = datetime.now(UTC)
        run_id = start_run(self.store, "scan", begun)
        land(self.store, run_id, source, Page(items=[item for item in THREADS if item.id in seen]), None)
        limits: dict[str, Any] = {"since": None, "until": None} | bounds
        return settle(
            self.store, run_id, source, pass_started_at=begun, complete=complete, at=datetime.now(UTC), **limits
        )

    def states(self) -> dict[str, str]:
        """State by id."""
        return {
            one.removeprefix("youtube:"): state for one, state in rows(self.store, "SELECT item_id, state FROM items")
        }


ALL = tuple(item.id for item in THREADS)


@pytest.fixture
def nights(store: Store) -> Nights:
    """All threads seen once."""
    passes = Nights(store)
    assert passes.read(*ALL) == 0
    assert set(passes.states().values()) == {"present"}
    return passes


def test_what_a_whole_pass_does_not_show_is_absent_and_can_come_back(nights: Nights) -> None:
    """A deletion is told once; a comment that a moderator restored is there again."""
    assert nights.read("old", "new") == 3
    assert nights.states() == {
        "old": "present", "old.reply": "absent", "new": "present", "new.reply": "absent", "orphan": "absent"
    }  # fmt: skip
    assert nights.read("old", "new") == 0, "a deletion must not be told again every night"
    assert nights.read(*ALL) == 0
    assert set(nights.states().values()) == {"present"}
    reasons = rows(nights.store, "SELECT DISTINCT state_reason FROM items ORDER BY ALL")
    assert reasons == [("It is there again.",), (None,)]


def test_a_pass_that_broke_off_makes_nothing_absent(nights: Nights) -> None:
    """A platform that answers half must not look as if hundreds had deleted their comments."""
    assert nights.read("old", complete=False) == 0
    states = nights.states()
    assert (states.pop("old"), set(states.values())) == ("present", {"unknown"})
    assert nights.read(*ALL) == 0
    assert set(nights.states().values()) == {"present"}
    reasons = rows(nights.store, "SELECT DISTINCT state_reason FROM items ORDER BY ALL")
    assert reasons == [("It has been read again.",), (None,)], "what was never gone has not come back"


def test_what_is_known_to_be_gone_does_not_become_unknown(nights: Nights) -> None:
    """What a whole pass has shown stays shown."""
    nights.read("old", "old.reply", "new", "orphan")
    nights.read("old", complete=False)
    assert nights.states()["new.reply"] == "absent"


def test_a_pass_over_new_threads_says_nothing_of_old_ones(nights: Nights) -> None:
    """A reply of today in a thread of last year was not asked for, so it cannot be missed."""
    assert nights.read("new", since=NOW - timedelta(days=30)) == 1
    assert nights.states() == {
        "old": "present", "old.reply": "present", "new": "present", "new.reply": "absent", "orphan": "present"
    }  # fmt: skip
    assert nights.read(until=NOW - timedelta(days=30)) == 2
    assert nights.states()["old.reply"] == "absent"


def test_another_source_is_left_alone(nights: Nights) -> None:
    """A channel that could not be read at all, and one that was, have nothing to do with each other."""
    assert nights.read(source="other") == 0
    assert set(nights.states().values()) == {"present"}


def test_a_pass_that_an_earlier_run_began_counts_what_that_run_saw(store: Store) -> None:
    """A scan that was killed goes on in the next run: its pages were seen in this pass."""
    begun = datetime.now(UTC)
    for own_id in ("old", "new"):
        run_id = start_run(store, "scan", datetime.now(UTC))
        land(store, run_id, "channel", Page(items=[Item("youtube", own_id, "comment", "a")]), None)
    gone = settle(
        store, run_id, "channel", pass_started_at=begun, since=None, until=None, complete=True, at=datetime.now(UTC)
    )
    assert gone == 0


def test_a_deletion_shows_also_where_another_source_had_shown_the_item_first(nights: Nights) -> None:
    """Imported before the first scan, or read under a name that was changed since: still watched."""
    assert nights.read(*ALL, source="renamed") == 0
    assert nights.read("old", source="renamed") == 4


def test_two_sources_may_bring_the_same_page_in_one_run(store: Store) -> None:
    """An item that both show is seen by both; nothing of either is missed."""
    begun = datetime.now(UTC)
    run_id = start_run(store, "scan", begun)
    for source in ("channel", "mirror"):
        land(store, run_id, source, Page(items=THREADS), None)
    for source in ("channel", "mirror"):
        gone = settle(
            store, run_id, source, pass_started_at=begun, since=None, until=None, complete=True, at=datetime.now(UTC)
        )
        assert gone == 0
