"""The window of a pass: what belongs to it, and where a list may be left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.known import NothingKnown
from connectors.source import Source, Window

FIRST, LAST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "since", "until", "held"),
    [
        (FIRST, FIRST, LAST, True),
        (LAST, FIRST, LAST, True),
        (FIRST - MOMENT, FIRST, LAST, False),
        (LAST + MOMENT, FIRST, LAST, False),
        (FIRST - MOMENT, None, LAST, True),
        (LAST + MOMENT, FIRST, None, True),
        (FIRST, None, None, True),
        # It may have begun within it.
        (None, FIRST, LAST, True),
        # The same moment, told in another zone.
        (FIRST.astimezone(timezone(timedelta(hours=-5))), FIRST, LAST, True),
    ],
)
def test_a_window_holds_its_bounds_and_what_does_not_say_when(
    moment: datetime | None, since: datetime | None, until: datetime | None, held: bool
) -> None:
    """A comment of the very first second, or without a date, must not fall between two nights."""
    assert Window(since=since, until=until).holds(moment) is held


@pytest.mark.parametrize(
    ("moments", "passed"),
    [
        ([FIRST - MOMENT, FIRST - timedelta(days=3)], True),
        # One pinned old one on a page of new ones.
        ([FIRST - timedelta(days=300), LAST], False),
        ([FIRST], False),
        ([FIRST - MOMENT, None], True),
        # A page that tells nothing is no reason to stop.
        ([None, None], False),
        ([], False),
    ],
)
def test_a_list_is_left_only_when_a_whole_page_is_too_old(moments: list[datetime | None], passed: bool) -> None:
    """Left too early it loses comments, left too late it costs the quota."""
    assert Window(since=FIRST).has_passed(moments) is passed
    assert Window().has_passed(moments) is False
    assert Window(until=LAST).has_passed(moments) is False


def test_of_nothing_known_all_is_due() -> None:
    """The first night, and a pass with the user's own bounds, read every thread that they meet."""
    known = Window().known
    assert isinstance(known, NothingKnown) and known.is_due("a", 0)
    assert (known.due(), known.standing("a"), known.number_standing()) == ((), frozenset(), 0)


def test_a_source_can_be_printed_without_its_secrets() -> None:
    """Sources turn up in logs and in the fault messages of the flow."""
    printed = repr(Source("page", "x", {"user_id": "1"}, "canary-secret", None, '{"refresh_token": "canary-oauth"}'))
    assert "user_id" in printed and "canary" not in printed
