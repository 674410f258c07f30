"""How far back a pass reads: too little and edits and new replies on old threads are lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from connectors.item import Listed, Page, ThreadRead
from flows.passes import Pass, next_pass

MONDAY = datetime(2026, 11, 2, 2, 30, tzinfo=UTC)


def kept(one: Pass) -> dict[str, object]:
    """The position as it comes back from the warehouse."""
    position: dict[str, object] = orjson.loads(orjson.dumps(one.as_position()))
    return position


def test_a_first_pass_reads_everything() -> None:
    assert next_pass(None, MONDAY).since is None


def test_the_next_night_reads_lists_as_far_back_as_the_platform_wants() -> None:
    position = kept(next_pass(None, MONDAY).finished())
    tuesday = MONDAY + timedelta(days=1)
    assert next_pass(position, tuesday).since == tuesday - timedelta(days=30)
    assert next_pass(position, tuesday, listed_for=timedelta(days=365)).since == tuesday - timedelta(days=365)


def test_after_a_long_break_nothing_between_is_left_out() -> None:
    """A machine that was off for six weeks must list all six."""
    position = kept(next_pass(None, MONDAY).finished())
    back = MONDAY + timedelta(days=29)
    resumed = next_pass(position, back, listed_for=timedelta(days=7))
    assert resumed.since is not None and resumed.since < MONDAY


def test_everything_is_listed_again_in_time_so_that_what_turns_up_deep_down_shows() -> None:
    first = next_pass(None, MONDAY).finished()
    second = next_pass(kept(first), MONDAY + timedelta(days=1)).finished()
    assert second.full_at == MONDAY
    assert next_pass(kept(second), MONDAY + timedelta(days=30)).since is None


def test_an_interrupted_pass_goes_on_where_it_stopped() -> None:
    stopped = next_pass(None, MONDAY).after_page(Page(resume={"page_token": "p2"}))
    resumed = next_pass(kept(stopped), MONDAY + timedelta(minutes=5))
    assert (resumed.started_at, dict(resumed.resume or {})) == (MONDAY, {"page_token": "p2"})


def test_a_pass_goes_on_the_next_night_but_not_for_ever() -> None:
    """A first reading larger than one night, or one night's budget, must come to an end."""
    stopped = next_pass(None, MONDAY).after_page(Page(resume={"page_token": "p2"}))
    assert next_pass(kept(stopped), MONDAY + timedelta(days=1, hours=2)).resume
    assert next_pass(kept(stopped), MONDAY + timedelta(days=3)).resume is None


def test_a_first_reading_of_many_nights_goes_on_as_long_as_it_gets_on() -> None:
    """An account on X with more than three nights' paid reads would be begun anew, and paid for, for ever."""
    tonight, position = MONDAY, None
    for night in range(9):
        tonight = MONDAY + timedelta(days=night)
        one = next_pass(position, tonight)
        place = {"step": "posts", "token": f"p{night}"} if night < 5 else {"step": "threads", "token": None}
        # In the threads the place stays where it is: that some were read whole is what shows that it gets on.
        threads = [ThreadRead(str(night))] if night >= 5 else []
        position = kept(one.after_page(Page(resume={**place, "day": str(tonight), "reads": {}}, threads=threads)))
        assert one.started_at == MONDAY and bool(one.resume) is (night > 0)
    for night in range(1, 4):
        stuck = next_pass(position, tonight + timedelta(days=night))
        assert bool(stuck.resume) is (night < 3), "it says nothing of what came since"
        again = {**place, "day": str(night), "reads": {"posts": night}}
        position = kept(stuck.after_page(Page(resume=again))) if stuck.resume else None


@pytest.mark.parametrize(
    "beside",
    [lambda night: {"explained": {"video": night}}, lambda night: {"day": str(night), "reads": {"posts": night}}],
)
def test_a_pass_that_reads_only_threads_at_one_place_is_begun_anew(beside: Callable[[int], dict[str, object]]) -> None:
    """A page of YouTube's list that fails each night, after the same videos, would hide the newest comments for ever."""
    position, begun = None, []
    for night in range(50):
        tonight = MONDAY + timedelta(days=night)
        one = next_pass(position, tonight)
        if one.resume is None:
            begun.append(night)
        # A first reading of twenty nights is not begun anew when it comes to its threads.
        place = {"page_token": f"p{min(night, 19)}", "listed": False, **beside(night)}
        position = kept(one.after_page(Page(resume=place, threads=[ThreadRead("video")])))
    assert begun == [0, 33, 47], "fourteen nights after it last came to another place"


def test_what_an_interrupted_pass_could_not_read_is_not_forgotten_by_the_night_that_ends_it() -> None:
    """Else a pass that never saw some replies would count as whole, and what it has listed would not."""
    listed = Listed(("post",), since=MONDAY)
    page = Page(
        resume={"page_token": "p2"}, gaps=["The replies to a could not be read."], notes=["Few."], listed=[listed]
    )
    resumed = next_pass(kept(next_pass(None, MONDAY).after_page(page)), MONDAY + timedelta(minutes=5))
    assert (resumed.gaps, resumed.notes) == (("The replies to a could not be read.",), ("Few.",))
    assert resumed.listed == (listed,)
    ended = next_pass(kept(resumed.finished()), MONDAY + timedelta(days=1))
    assert (ended.gaps, ended.notes, ended.listed) == ((), (), ())


def test_a_bookmark_counts_only_once_the_pass_is_finished() -> None:
    """An ETag of a feed that was read but not to its end would hide the rest for ever."""
    first = next_pass(None, MONDAY).after_page(Page(bookmark={"etag": "a"})).finished()
    tuesday = MONDAY + timedelta(days=1)
    broken_off = next_pass(kept(first), tuesday).after_page(Page(bookmark={"etag": "b"}, resume={"at": 1}))
    assert dict(broken_off.bookmark or {}) == {"etag": "a"}
    resumed = next_pass(kept(broken_off), tuesday + timedelta(minutes=5))
    assert dict(resumed.bookmark or {}) == {"etag": "a"}
    assert dict(resumed.finished().bookmark or {}) == {"etag": "b"}
    restarted = next_pass(kept(broken_off), tuesday + timedelta(days=4))
    assert dict(restarted.bookmark or {}) == {"etag": "a"}
    unchanged = next_pass(kept(first), tuesday).finished()
    assert dict(unchanged.bookmark or {}) == {"etag": "a"}, "a pass that says nothing keeps what was known"
