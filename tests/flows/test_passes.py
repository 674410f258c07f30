"""How far back a pass reads: too little and edits and new replies on old threads are lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.item import Page, Rejected
from flows.passes import FULL, REREAD, next_pass

MONDAY = datetime(2026, 11, 2, 2, 30, tzinfo=UTC)


def test_a_first_pass_reads_everything() -> None:
    assert next_pass(None, MONDAY).since is None


def test_the_next_night_reads_the_last_thirty_days_again() -> None:
    position = next_pass(None, MONDAY).finished().as_position()
    assert next_pass(position, MONDAY + timedelta(days=1)).since == MONDAY - REREAD


def test_everything_is_read_again_after_a_week_so_that_old_deletions_show() -> None:
    first = next_pass(None, MONDAY).finished()
    second = next_pass(first.as_position(), MONDAY + timedelta(days=1)).finished()
    assert second.full_at == MONDAY
    assert next_pass(second.as_position(), MONDAY + FULL).since is None


def test_an_interrupted_pass_goes_on_where_it_stopped() -> None:
    stopped = next_pass(None, MONDAY).after_page(Page(resume={"page_token": "p2"}))
    resumed = next_pass(stopped.as_position(), MONDAY + timedelta(minutes=5))
    assert (resumed.started_at, dict(resumed.resume or {})) == (MONDAY, {"page_token": "p2"})


def test_a_pass_interrupted_days_ago_starts_again() -> None:
    stopped = next_pass(None, MONDAY).after_page(Page(resume={"page_token": "p2"}))
    assert next_pass(stopped.as_position(), MONDAY + timedelta(days=2)).resume is None


def test_a_pass_with_the_users_own_bounds_does_not_count_as_the_nights() -> None:
    first = next_pass(None, MONDAY).finished()
    later = MONDAY + timedelta(days=1)
    asked = next_pass(first.as_position(), later, since=later - timedelta(days=2)).after_page(
        Page(resume={"page_token": "p2"})
    )
    assert asked.as_position()["resume"] is None
    assert asked.finished().completed_at == MONDAY


def test_what_an_interrupted_pass_could_not_read_is_not_forgotten_by_the_night_that_ends_it() -> None:
    """Else a pass that never saw some replies would count as whole, and they as deleted."""
    page = Page(
        resume={"page_token": "p2"}, gaps=["The replies to a could not be read."], rejected=[Rejected("?", b"x")]
    )
    resumed = next_pass(next_pass(None, MONDAY).after_page(page).as_position(), MONDAY + timedelta(minutes=5))
    assert (resumed.gaps, resumed.quarantined) == (("The replies to a could not be read.",), 1)
    ended = next_pass(resumed.finished().as_position(), MONDAY + timedelta(days=1))
    assert (ended.gaps, ended.quarantined) == ((), 0)
