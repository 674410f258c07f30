"""Night after night at Google: what a pass reads again, what it tells gone, and what it costs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from connectors.item import Gone, Listed, ThreadRead
from connectors.sandbox import Answer
from connectors.sandbox.google import least_calls
from connectors.sandbox.world import World
from connectors.source import Window
from tests.connectors.reviews import (
    at,
    google_answer,
    known,
    name,
    next_window,
    numbers,
    pages,
    profile,
    reply,
    review,
    said,
)
from tests.connectors.story import items

GOOGLE = "google"


def test_a_quiet_night_costs_one_call(serve: Any) -> None:
    """Nothing has changed: the latest page says so, and no more is told than it shows."""
    sandbox = serve(profile(GOOGLE, 180))
    memory = known(sandbox, GOOGLE)
    read = memory.remember(pages(sandbox, GOOGLE, next_window(memory)))
    assert len(sandbox.requests) == 1 and not said(read)
    assert read[-1].listed == (Listed(("review",), at(60 * 24)),)
    assert read[-1].bookmark == memory.bookmark


def test_new_and_edited_reviews_are_read_in_one_call(serve: Any) -> None:
    """An edit brings a review up whatever its age; the next pass need not go further down than to the last change."""
    rows = [*profile(GOOGLE, 180), review(GOOGLE, 200, 9001)]
    rows[7]["edits"] = [{"at": at(9000).isoformat(), "text": "Changed"}]
    sandbox = serve(rows)
    sandbox.at(at(8000))
    memory = known(sandbox, GOOGLE)
    sandbox.at(at(9500))
    read = memory.remember(pages(sandbox, GOOGLE, next_window(memory, since=at(8500))))
    assert numbers(read)[:2] == ["200", "7"]
    changed = items(read)[name(GOOGLE, 7)]
    assert (changed.text, changed.edited_at, changed.created_at) == ("Changed", at(9000), at(7))
    assert len(sandbox.requests) == 1 == least_calls(sandbox.world.presence(GOOGLE), at(8500), ())
    assert memory.bookmark == {"newest": at(9001).isoformat()}


def test_what_changed_in_the_very_second_of_the_last_look_is_not_missed(serve: Any) -> None:
    """More than a page of changes in one second, shown late: the second of the watermark is read again."""
    last, late = at(9000) + timedelta(seconds=0.2), at(9000) + timedelta(seconds=0.1)
    rows = [*profile(GOOGLE, 200), review(GOOGLE, 200) | {"posted": last.isoformat()}]
    sandbox = serve(rows)
    sandbox.at(at(9001))
    memory = known(sandbox, GOOGLE)
    edits = [{"at": late.isoformat(), "text": "Changed"}]
    sandbox.world = World([row | {"edits": edits} for row in rows[:120]] + rows[120:], at(9002))
    read = list(pages(sandbox, GOOGLE, next_window(memory, since=at(9000))))
    assert sum(item.text == "Changed" for item in items(read).values()) == 120


def test_a_missing_review_is_found_by_reading_the_whole_list(serve: Any) -> None:
    """A deletion shows only in the number of reviews, one that came the same night notwithstanding."""
    rows = [*profile(GOOGLE, 120), review(GOOGLE, 200, 9000)]
    rows[5]["deleted"] = at(8600).isoformat()
    sandbox = serve(rows)
    sandbox.at(at(8000))
    memory = known(sandbox, GOOGLE)
    sandbox.at(at(9500))
    read = list(pages(sandbox, GOOGLE, next_window(memory, since=at(8500))))
    assert len(sandbox.requests) == 3 and len(numbers(read)) == 120 and "5" not in numbers(read)
    assert read[-1].listed == (Listed(("review",)),) and not said(read)


def test_a_pass_without_bounds_reads_the_whole_list(serve: Any) -> None:
    """The weekly pass sees what a nightly one cannot, whatever the numbers say."""
    sandbox = serve(profile(GOOGLE, 120))
    memory = known(sandbox, GOOGLE)
    read = list(pages(sandbox, GOOGLE, Window(known=memory, bookmark=memory.bookmark)))
    assert len(numbers(read)) == 120 and read[-1].listed


def test_a_due_review_further_down_is_asked_for_by_name(serve: Any) -> None:
    """A reply does not bring its review up: an old review that is due is read by itself, with the reply of last night."""
    sandbox = serve([*profile(GOOGLE, 180), reply(GOOGLE, 2, 9000)])
    sandbox.at(at(8000))
    memory = known(sandbox, GOOGLE, name(GOOGLE, 2), name(GOOGLE, 170), "locations/../reviews/r1?x=", "else")
    sandbox.at(at(9500))
    read = list(pages(sandbox, GOOGLE, next_window(memory, since=at(8500))))
    assert [call.path.split("?")[0].rsplit("/", 1)[-1] for call in sandbox.requests] == ["reviews", "r2"]
    assert least_calls(sandbox.world.presence(GOOGLE), at(8500), {name(GOOGLE, 2), name(GOOGLE, 170)}) == 2
    assert f"{name(GOOGLE, 2)}/reply" in items(read) and ThreadRead(name(GOOGLE, 2)) in read[-1].threads


def test_many_due_reviews_are_read_with_the_list(serve: Any) -> None:
    """Fifty at a time are fewer calls than one by one."""
    sandbox = serve(profile(GOOGLE, 180))
    due = {name(GOOGLE, number) for number in (1, 3, 5, 9, 11)}
    memory = known(sandbox, GOOGLE, *due)
    read = list(pages(sandbox, GOOGLE, next_window(memory)))
    assert due <= set(items(read)) and len(sandbox.requests) == 4
    assert len(sandbox.requests) == least_calls(sandbox.world.presence(GOOGLE), at(60 * 24), due)


def test_a_due_review_that_google_does_not_find_is_gone(serve: Any) -> None:
    """One was deleted and an old one came back: the number is the same, but Google says so when asked for it. Our reply to
    it went as well.
    """
    rows = profile(GOOGLE, 120)
    sandbox = serve(rows)
    memory = known(sandbox, GOOGLE, name(GOOGLE, 4))
    sandbox.world = World([*rows[:4], *rows[5:], review(GOOGLE, 200, 5)])
    read = list(pages(sandbox, GOOGLE, next_window(memory)))
    assert read[-1].gone == (Gone(name(GOOGLE, 4)),) and len(sandbox.requests) == 2
    assert ThreadRead(name(GOOGLE, 4)) in read[-1].threads


def test_given_days_are_listed_as_given(serve: Any) -> None:
    """A scan of given days says which days it has seen, and does not read the rest."""
    sandbox = serve([*profile(GOOGLE, 50), *(review(GOOGLE, number, 5000 + number) for number in range(60, 120))])
    window = Window(since=at(5000), until=at(5100))
    read = list(pages(sandbox, GOOGLE, window))
    assert {f"{number}" for number in range(60, 101)} <= set(numbers(read)) and "101" not in numbers(read)
    assert read[-1].listed == (Listed(("review",), window.since, window.until),) and len(sandbox.requests) == 2


def test_given_days_are_not_listed_where_something_may_have_been_passed_over(serve: Any) -> None:
    """A review whose name is unreadable, or one that slipped between two pages, must not look deleted."""
    sandbox, window = serve(profile(GOOGLE, 120)), Window(since=at(60))
    body = google_answer(sandbox)
    body["reviews"][0] = {"comment": "nameless"}
    sandbox.fault("/reviews", Answer(200, body))
    reading = pages(sandbox, GOOGLE, window)
    first = next(reading)
    assert not [one for page in reading for one in page.listed]
    assert not [
        one for page in pages(sandbox, GOOGLE, Window(since=at(60), resume=first.resume)) for one in page.listed
    ]
    reading = pages(sandbox, GOOGLE, window)
    next(reading)
    sandbox.world.presence(GOOGLE).by_kind["review"].pop(0)
    assert not [one for page in reading for one in page.listed]
    assert [one for page in pages(sandbox, GOOGLE, window) for one in page.listed], "otherwise they are"


def test_given_days_are_read_whatever_the_last_pass_saw(serve: Any) -> None:
    """Who asks for days gets them, also those that were read before."""
    sandbox = serve(profile(GOOGLE, 180))
    window = Window(since=at(20), bookmark={"newest": at(179).isoformat()})
    assert len(numbers(list(pages(sandbox, GOOGLE, window)))) == 180


def test_an_empty_profile_keeps_the_bookmark(serve: Any) -> None:
    """A night on which Google shows nothing must not make the next one begin from the beginning."""
    bookmark = {"newest": at(179).isoformat()}
    assert list(pages(serve([]), GOOGLE, Window(since=at(0), bookmark=bookmark)))[-1].bookmark == bookmark


def test_an_interrupted_pass_goes_on_where_it_was(serve: Any) -> None:
    """A night that is cut off must not begin again, must not skip a page, and still knows whether it has seen all."""
    sandbox = serve(profile(GOOGLE, 120))
    whole = pages(sandbox, GOOGLE)
    first = next(whole)
    whole.close()
    rest = list(pages(sandbox, GOOGLE, Window(resume=json.loads(json.dumps(first.resume)))))
    assert len(numbers([first, *rest])) == 120 and len(sandbox.requests) == 3
    assert rest[-1].listed == (Listed(("review",)),) and rest[-1].bookmark == {"newest": at(119).isoformat()}


def test_a_place_that_google_forgot_means_from_the_first(serve: Any) -> None:
    """Page tokens die: a pass that is gone on with too late must still read everything."""
    sandbox = serve(profile(GOOGLE, 60))
    place = {"page_token": "bm90IGEgdG9rZW4=", "read": 50, "total": 60, "whole": True, "newest": None}
    read = list(pages(sandbox, GOOGLE, Window(resume=place)))
    assert len(numbers(read)) == 60 and read[-1].listed and not said(read)
