"""States: what is gone is said only where all of it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.item import Gone, Item, Listed, Page, Rejected, ThreadRead
from tests.warehouse.conftest import NOW, comment, rows
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.states import Settled, settle
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

    def read(
        self,
        *seen: str,
        complete: bool = True,
        source: str = "channel",
        threads: Sequence[str] = ("old", "new", "unknown"),
        listed: Sequence[Listed] = (Listed(("comment",)),),
        due: Sequence[str] | None = (),
        **page: Any,
    ) -> int:
        """A pass that shows the items with these ids, and says that it has read these threads and lists whole; how many
        became absent.
        """
        return self.settled(
            *seen, complete=complete, source=source, threads=threads, listed=listed, due=due, **page
        ).absent

    def settled(
        self,
        *seen: str,
        complete: bool = True,
        source: str = "channel",
        threads: Sequence[str] = (),
        listed: Sequence[Listed] = (),
        due: Sequence[str] | None = (),
        since: datetime | None = None,
        **page: Any,
    ) -> Settled:
        """As `read`, with all that came of it."""
        begun = datetime.now(UTC)
        run_id = start_run(self.store, "scan", begun)
        items = [item for item in THREADS if item.id in seen]
        read_whole = [ThreadRead(name) for name in threads] if complete else []
        land(self.store, run_id, source, Page(items=items, threads=read_whole, **page), None)
        return settle(
            self.store,
            run_id,
            source,
            pass_started_at=begun,
            listed=listed if complete else (),
            due=due,
            since=since,
            until=None,
            complete=complete,
            at=datetime.now(UTC),
        )

    def states(self) -> dict[str, str]:
        """State by id."""
        return {
            one.removeprefix("youtube:"): state for one, state in rows(self.store, "SELECT item_id, state FROM items")
        }

    def why(self, own_id: str) -> str:
        """Why an item is in its state."""
        ((reason,),) = rows(self.store, f"SELECT state_reason FROM items WHERE item_id = 'youtube:{own_id}'")
        return str(reason)


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
    assert nights.read("old", complete=False, due=None) == 0
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


def test_a_thread_that_was_not_read_says_nothing(nights: Nights) -> None:
    """A reply of today in a thread of last year was not asked for, so it cannot be missed."""
    new_ones = [Listed(("comment",), since=NOW - timedelta(days=30))]
    assert nights.read("new", threads=["new"], listed=new_ones) == 1
    assert nights.states() == {
        "old": "present", "old.reply": "present", "new": "present", "new.reply": "absent", "orphan": "present"
    }  # fmt: skip
    assert nights.read("new", threads=["new"], listed=[Listed(("comment",), until=NOW - timedelta(days=30))]) == 2
    assert nights.why("old") == "It was not there when the whole list that it belongs to was read."
    assert nights.why("old.reply") == "What it answered is gone."


def test_a_list_of_other_things_says_nothing_of_comments(nights: Nights) -> None:
    """All posts of a page were listed: that says nothing of the comments on them."""
    assert nights.read("new", threads=[], listed=[Listed(("post", "mention"))]) == 0


def test_only_what_was_due_becomes_unknown_in_a_pass_that_broke_off(nights: Nights) -> None:
    """A thread that the night did not mean to read is not put in doubt by a failure elsewhere."""
    nights.settled("new", complete=False, due=["old"], since=NOW)
    assert nights.states() == {
        "old": "unknown", "old.reply": "unknown", "new": "present", "new.reply": "present", "orphan": "present"
    }  # fmt: skip


def test_a_pass_over_everything_that_broke_off_doubts_only_what_it_was_to_read(nights: Nights) -> None:
    """Once a month all lists are read whole: one gap on that night must not put years of comments in doubt."""
    nights.settled("old", "new", complete=False, due=["new"])
    assert nights.states() == {
        "old": "present", "old.reply": "present", "new": "present", "new.reply": "unknown", "orphan": "present"
    }  # fmt: skip


def test_a_gap_elsewhere_does_not_hide_a_deletion(nights: Nights) -> None:
    """One thread that can never be read must not keep the deletions of all others from being told."""
    begun = datetime.now(UTC)
    run_id = start_run(nights.store, "scan", begun)
    land(nights.store, run_id, "channel", Page(items=[THREADS[2]], threads=[ThreadRead("new")]), None)
    settled = settle(
        nights.store, run_id, "channel", pass_started_at=begun, listed=(), due=["old"], since=NOW, until=None,
        complete=False, at=datetime.now(UTC),
    )  # fmt: skip
    assert (settled.absent, nights.states()["new.reply"], nights.states()["old.reply"]) == (1, "absent", "unknown")


def test_a_source_that_shows_nothing_at_all_has_lost_nothing(nights: Nights) -> None:
    """A token of the wrong kind gets an empty list: three hundred deletions in one night are none."""
    assert nights.settled(threads=["old", "new"], listed=[Listed(("comment",))]).emptied == 4
    states = nights.states()
    assert (states.pop("orphan"), set(states.values())) == ("present", {"unknown"})
    assert nights.read(*ALL) == 0 and set(nights.states().values()) == {"present"}


def test_what_the_platform_says_is_gone_is_deleted_with_its_reason_and_can_come_back(nights: Nights) -> None:
    """Removed by its author, or an account that is gone: the Chair may be asked which."""
    gone = [Gone("new.reply", "author removed"), Gone("never.seen")]
    landed = land(nights.store, start_run(nights.store, "scan", NOW), "channel", Page(gone=gone), None)
    assert landed.gone == 1
    assert (nights.states()["new.reply"], nights.why("new.reply")) == ("deleted", "author removed")
    assert nights.read("old", "old.reply", "new", "orphan") == 0, "what is deleted is not told again as absent"
    assert nights.states()["new.reply"] == "deleted"
    again = land(nights.store, start_run(nights.store, "scan", NOW), "channel", Page(gone=gone), None)
    assert again.gone == 0
    text = rows(nights.store, "SELECT text FROM items WHERE item_id = 'youtube:new.reply'")
    assert text == [("Lovely talk",)], "a deletion takes nothing from what is stored"
    nights.read(*ALL)
    assert (nights.states()["new.reply"], nights.why("new.reply")) == ("present", "It is there again.")


def test_what_was_absent_becomes_deleted_once_the_platform_says_so(nights: Nights) -> None:
    """The reason comes later than the suspicion."""
    nights.read("old", "old.reply", "new", "orphan")
    land(nights.store, start_run(nights.store, "scan", NOW), "channel", Page(gone=[Gone("new.reply")]), None)
    assert (nights.states()["new.reply"], nights.why("new.reply")) == ("deleted", "removed")


def test_what_only_the_page_still_sees_is_hidden(nights: Nights) -> None:
    """A comment that the page has hidden is not there for the public; shown again, it is."""
    run_id = start_run(nights.store, "scan", NOW)
    hidden = replace(THREADS[3], hidden=True)
    for page in (Page(items=[hidden]), Page(items=[hidden], notes=["again"])):
        land(nights.store, run_id, "channel", page, None)
    assert (nights.states()["new.reply"], nights.why("new.reply")) == ("deleted", "hidden")
    assert rows(nights.store, "SELECT count(*) FROM store.state") == [(1,)], "it is told once"
    nights.read(*ALL)
    assert nights.states()["new.reply"] == "present"


def test_an_entry_that_cannot_be_read_today_is_not_gone(nights: Nights) -> None:
    """One broken field in quarantine must not look like a deletion."""
    broken = Rejected("A comment could not be read: it has no text.", b"{}", "new.reply")
    assert nights.read("old", "old.reply", "new", "orphan", rejected=[broken]) == 0
    assert nights.states()["new.reply"] == "present"


def test_another_source_is_left_alone(nights: Nights) -> None:
    """A channel that could not be read at all, and one that was, have nothing to do with each other."""
    assert nights.read("nothing of it", source="other") == 0
    assert set(nights.states().values()) == {"present"}


def test_a_pass_that_an_earlier_run_began_counts_what_that_run_saw(store: Store) -> None:
    """A scan that was killed goes on in the next run: its pages were seen in this pass."""
    begun = datetime.now(UTC)
    for own_id in ("old", "new"):
        run_id = start_run(store, "scan", datetime.now(UTC))
        land(store, run_id, "channel", Page(items=[Item("youtube", own_id, "comment", "a")]), None)
    settled = settle(
        store, run_id, "channel", pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None, until=None,
        complete=True, at=datetime.now(UTC),
    )  # fmt: skip
    assert settled.absent == 0


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
        settled = settle(
            store, run_id, source, pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None, until=None,
            complete=True, at=datetime.now(UTC),
        )  # fmt: skip
        assert settled.absent == 0


def test_what_another_source_shows_tonight_is_there(nights: Nights) -> None:
    """Two feeds with one post: where it drops out of one of them, it has not been deleted."""
    nights.read(*ALL, source="mirror")
    begun = datetime.now(UTC)
    run_id = start_run(nights.store, "scan", begun)
    land(nights.store, run_id, "mirror", Page(items=THREADS), None)
    land(nights.store, run_id, "channel", Page(items=THREADS[:1]), None)
    settled = settle(
        nights.store, run_id, "channel", pass_started_at=begun, listed=[Listed(("comment",))], due=(), since=None,
        until=None, complete=True, at=datetime.now(UTC),
    )  # fmt: skip
    assert settled.absent == 0 and set(nights.states().values()) == {"present"}


def test_a_file_does_not_bring_back_what_is_gone(nights: Nights) -> None:
    """An archive of last month holds the comment that was deleted last week."""
    nights.read("old", "old.reply", "new", "orphan", gone=[Gone("old.reply", "author removed")])
    land(nights.store, start_run(nights.store, "import", NOW), "archive", Page(items=THREADS), None)
    states = nights.states()
    assert (states["new.reply"], states["old.reply"]) == ("absent", "deleted")


def test_an_entry_that_cannot_be_read_is_not_gone_where_an_import_knew_it_first(store: Store) -> None:
    """Which source brought an item first must make no difference to what is said of it."""
    land(store, start_run(store, "import", NOW), "archive", Page(items=THREADS), None)
    nights = Nights(store)
    nights.read(*ALL)
    broken = Rejected("A comment could not be read: it has no text.", b"{}", "new.reply")
    assert nights.read("old", "old.reply", "new", "orphan", rejected=[broken]) == 0
