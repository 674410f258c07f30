"""The Yelp connector over real HTTP: three excerpts in one call, and never more said than that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Item, ThreadRead
from connectors.sandbox import Answer
from connectors.sandbox.yelp import REFUSALS, least_calls, refusal
from connectors.source import Window
from connectors.yelp.items import review as yelp_review
from tests.connectors.reviews import at, known, next_window, numbers, pages, profile, review, said, source
from tests.connectors.story import BEGIN, Pauses, all_words_of, items

YELP = "yelp"
KEY = "canary-key-of-nobody-4711"


def test_the_newest_are_read_and_nothing_is_said_of_the_rest(serve: Any) -> None:
    """Yelp shows three: the report must say so, and an older one that drops off the list is not gone."""
    sandbox = serve(profile(YELP, 12))
    read = list(pages(sandbox, YELP))
    assert numbers(read) == ["11", "10", "9"] and len(sandbox.requests) == 1
    assert len(sandbox.requests) == least_calls(sandbox.world.presence(YELP), None, ())
    assert read[-1].notes == ("Yelp shows us only the beginning of the newest 3 of 12 reviews.",) and not said(read)
    assert read[-1].threads == tuple(ThreadRead(f"r{number}") for number in (11, 10, 9))
    assert not read[-1].listed and not read[-1].gone and read[-1].expected == 3 and read[-1].resume is None
    assert "sort_by=newest" in sandbox.requests[0].path and "locale=en_GB" in sandbox.requests[0].path


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what with how many stars, when, and where to see the whole of it."""
    found = items(list(pages(serve([review(YELP, 0, rating=2, text="Nobody\nanswered")]), YELP)))["r0"]
    assert (found.kind, found.text, found.rating) == ("review", "Nobody\nanswered", 2)
    assert (found.author_id, found.author_name, found.thread_id) == ("u0", "Reviewer 0", "r0")
    assert (found.created_at, found.edited_at, found.hidden) == (BEGIN, None, False)
    assert found.url == "https://www.yelp.co.uk/biz/acto-london?hrid=r0"
    assert found.raw["user"]["image_url"] is None


def test_an_excerpt_stays_as_yelp_gives_it(serve: Any) -> None:
    """The three dots say that there is more: they are kept, in the text and in what is stored of the answer."""
    found = items(list(pages(serve([review(YELP, 0, text="word " * 100)]), YELP)))["r0"]
    assert found.text.endswith("...") and len(found.text) == 160 and found.raw["text"] == found.text


@pytest.mark.parametrize(
    ("posted", "written"),
    [("2026-07-01T03:30:00Z", "2026-06-30 20:30:00"), ("2026-11-22T02:30:00Z", "2026-11-21 18:30:00")],
)
def test_times_are_read_as_pacific(serve: Any, posted: str, written: str) -> None:
    """Eight hours off in winter, seven in summer: as UTC, a review would land on the wrong night."""
    found = items(list(pages(serve([review(YELP, 0) | {"posted": posted}]), YELP)))["r0"]
    assert found.raw["time_created"] == written and found.created_at == datetime.fromisoformat(posted).astimezone(UTC)


def test_what_was_written_after_the_end_is_left_out(serve: Any) -> None:
    """`--until` reads what was begun before it."""
    assert numbers(list(pages(serve(profile(YELP, 3)), YELP, Window(until=at(1))))) == ["1", "0"]


def test_a_plan_without_texts_is_a_gap(serve: Any) -> None:
    """Yelp's base plan shows stars without words: empty texts must not replace those that were read before."""
    sandbox = serve(profile(YELP, 2))
    textless = [{"id": "r1", "rating": 4, "text": None}, {"id": "r0", "rating": 4}]
    sandbox.fault("/reviews", Answer(200, {"reviews": textless, "total": 2}))
    read = list(pages(sandbox, YELP))
    assert "2 reviews without text" in said(read) and "docs/access/yelp.md" in said(read)
    assert not items(read) and not read[-1].threads and read[-1].expected == 2


def test_no_reviews_where_there_were_some_is_a_gap(serve: Any) -> None:
    """Nothing is told gone from an empty list."""
    sandbox = serve(profile(YELP, 2))
    memory = known(sandbox, YELP, "r0")
    sandbox.fault("/reviews", Answer(200, {"reviews": [], "total": 0}))
    read = list(pages(sandbox, YELP, next_window(memory)))
    assert "although there were 2" in said(read) and not read[-1].gone and not read[-1].listed


def test_a_business_without_reviews_is_no_error(serve: Any) -> None:
    """There is nothing to report."""
    read = list(pages(serve([]), YELP))
    assert [(page.items, page.gaps, page.notes) for page in read] == [((), (), ())]


def test_one_broken_review_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept, with its id where it has one."""
    sandbox = serve([])
    broken = [
        {"id": "r1", "text": "Good", "time_created": "yesterday"},
        {"id": "r2", "text": "half an emoji \ud83d"},
        {"text": "no id"},
        {"id": "r3", "text": "Good", "user": None, "rating": 9, "url": None},
        None,
    ]
    sandbox.fault("/reviews", Answer(200, {"reviews": broken, "total": 5}))
    read = list(pages(sandbox, YELP))
    assert set(items(read)) == {"r3"} and items(read)["r3"].rating is None
    assert [one.id for one in read[-1].rejected] == ["r1", "r2", None, None]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("TOKEN_INVALID", "ACTO_YELP_API_KEY"),
        ("NOT_AUTHORIZED", "does not include reviews"),
        ("BUSINESS_NOT_FOUND", "look at business_id in acto.toml"),
        ("ACCESS_LIMIT_REACHED", "daily limit is used up; it is renewed at midnight UTC"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, reason: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(profile(YELP, 1))
    sandbox.fault("/reviews", refusal(reason), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox, YELP))
    assert len(sandbox.requests) == 1


def test_a_days_limit_says_how_high_it_is_and_when_it_is_renewed(serve: Any) -> None:
    """Yelp says so in its headers: a day's limit does not pass within the night."""
    sandbox, pauses = serve(profile(YELP, 1)), Pauses()
    sandbox.fault("/reviews", refusal("ACCESS_LIMIT_REACHED", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)))
    with pytest.raises(Refused, match="limit of 300 calls is used up; it is renewed at 00:00 UTC on 23 November"):
        list(pages(sandbox, YELP, sleep=pauses))
    assert not pauses


@pytest.mark.parametrize("reason", ["TOO_MANY_REQUESTS_PER_SECOND", "INTERNAL_ERROR"])
def test_a_hiccup_is_waited_out(serve: Any, reason: str) -> None:
    """Too many calls a second or a short failure must not cost the night."""
    sandbox = serve(profile(YELP, 2))
    sandbox.fault("/reviews", refusal(reason), times=2)
    assert len(numbers(list(pages(sandbox, YELP)))) == 2


@pytest.mark.parametrize("reason", sorted(REFUSALS))
def test_no_refusal_escapes_as_something_else(serve: Any, reason: str) -> None:
    """Whatever Yelp answers, the flow gets a sentence."""
    sandbox = serve(profile(YELP, 2))
    sandbox.fault("/reviews", refusal(reason), times=None)
    with pytest.raises(SourceError) as caught:
        list(pages(sandbox, YELP))
    assert str(caught.value).endswith((".", ")"))


@pytest.mark.parametrize("body", ["<html>", "", b"\xff", "[" * 100_000, "null", [], {}, {"reviews": None, "total": 1}])
def test_an_answer_that_is_no_answer_is_not_an_empty_profile(serve: Any, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no reviews"."""
    sandbox = serve(profile(YELP, 2))
    sandbox.fault("/reviews", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not the reviews that we asked for"):
        list(pages(sandbox, YELP))


def test_the_key_is_never_shown(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The key must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(profile(YELP, 1))
    with caplog.at_level("DEBUG"), pytest.raises(Refused, match="does not accept the key") as caught:
        list(pages(sandbox, YELP, read_from=source(sandbox, YELP, secret=KEY)))
    assert KEY not in all_words_of(caught.value) and KEY not in caplog.text
    assert [call.headers["authorization"] for call in sandbox.requests] == [f"Bearer {KEY}"]
    assert not [call for call in sandbox.requests if KEY in call.path]


@pytest.mark.parametrize("business", ["../x", "a?b", "a/b", "https://www.yelp.co.uk/biz/acto"])
def test_an_address_in_the_place_of_the_id_is_refused(serve: Any, business: str) -> None:
    """The usual mistake; and nothing but an id gets into an address."""
    sandbox = serve(profile(YELP, 1))
    with pytest.raises(Refused, match="business_id"):
        list(pages(sandbox, YELP, read_from=source(sandbox, YELP, keys={"business_id": business})))
    assert not sandbox.requests


def test_a_deadline_ends_the_pass(serve: Any) -> None:
    """The night has an end."""
    with pytest.raises(PassOver):
        list(pages(serve(profile(YELP, 1)), YELP, deadline=0.0))


def test_a_time_with_a_zone_and_a_rating_with_a_point_are_taken_as_they_are() -> None:
    """Eight hours added to a time that says its zone put a review on another night; a rating would be lost."""
    found = yelp_review({"id": "r", "text": "t", "rating": 4.0, "time_created": "2026-11-01T10:00:00Z"})
    assert isinstance(found, Item) and found.rating == 4
    assert found.created_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
