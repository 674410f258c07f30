"""The Google Business Profile connector over real HTTP: every review and reply, in as few calls as can be."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors import google
from connectors.google.items import original
from connectors.item import Item, Listed
from connectors.sandbox import Answer
from connectors.sandbox.google import LOCATION, least_calls
from connectors.sandbox.keys import ACCESS_TOKEN
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
    source,
)
from tests.connectors.story import BEGIN, Pauses, items

GOOGLE = "google"


def only(sandbox: Any) -> Item:
    """The one review that is read."""
    return next(iter(items(list(pages(sandbox, GOOGLE))).values()))


def test_every_review_of_every_page_is_read(serve: Any) -> None:
    """The review on the third page may be the one that matters; nor may a call be wasted."""
    sandbox = serve([*profile(GOOGLE, 120), reply(GOOGLE, 3, 500)])
    read = list(pages(sandbox, GOOGLE))
    assert sorted(map(int, numbers(read))) == list(range(120))
    assert len(sandbox.requests) == 3 == least_calls(sandbox.world.presence(GOOGLE), None, ())
    assert sum(page.expected or 0 for page in read) == 121
    assert [page.resume is None for page in read] == [False, False, True]
    assert [one for page in read for one in page.listed] == [Listed(("review",))]
    assert {one.id for page in read for one in page.threads} == {name(GOOGLE, number) for number in range(120)}


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what with how many stars, when, and what ACTO answered: the owner is known by the reply's author."""
    rows = [review(GOOGLE, 0, rating=2, text="Nobody\nanswered", media=["https://lh3.example/p"]), reply(GOOGLE, 0, 9)]
    found = items(list(pages(serve(rows), GOOGLE)))
    wrote, answered = found[name(GOOGLE, 0)], found[f"{name(GOOGLE, 0)}/reply"]
    assert (wrote.kind, wrote.text, wrote.rating, wrote.author_name) == ("review", "Nobody\nanswered", 2, "Reviewer 0")
    assert (wrote.thread_id, wrote.parent_id) == (wrote.id, None)
    assert (wrote.created_at, wrote.edited_at) == (BEGIN, None)
    assert [one.url for one in wrote.media] == ["https://lh3.example/p"]
    assert "reviewReply" not in wrote.raw and wrote.raw["reviewer"]["displayName"] == "Reviewer 0"
    assert (answered.kind, answered.text, answered.author_name) == ("review_reply", "Thank you", "ACTO (owner)")
    assert (answered.thread_id, answered.parent_id, answered.created_at) == (wrote.id, wrote.id, at(9))
    assert not answered.hidden and answered.raw["reviewReplyState"] == "APPROVED"


def test_a_review_is_known_by_its_location_whatever_account_is_asked(serve: Any) -> None:
    """Google names the same review under several accounts: it must not look like two."""
    sandbox = serve(profile(GOOGLE, 1))
    dash = source(sandbox, GOOGLE, keys={"account_id": "-", "location_id": f"locations/{LOCATION}"})
    assert set(items(list(pages(sandbox, GOOGLE, read_from=dash)))) == {name(GOOGLE, 0)}
    assert sandbox.requests[0].path.startswith(f"/v4/accounts/-/locations/{LOCATION}/reviews?")


def test_a_review_of_stars_alone_counts(serve: Any) -> None:
    """A one-star review without a word is still news."""
    found = only(serve([review(GOOGLE, 0, text="", rating=1)]))
    assert (found.text, found.rating) == ("", 1)


def test_a_rating_that_google_does_not_tell_is_none(serve: Any) -> None:
    """STAR_RATING_UNSPECIFIED is no rating of 0."""
    assert only(serve([review(GOOGLE, 0, rating=None)])).rating is None


def test_somebody_anonymous_has_no_name(serve: Any) -> None:
    """Who does not want to be named is not."""
    sandbox = serve([review(GOOGLE, 0, anonymous=True)])
    assert only(sandbox).author_name is None
    body = google_answer(sandbox)
    body["reviews"][0]["reviewer"]["displayName"] = "A Google user"
    sandbox.fault("/reviews", Answer(200, body))
    assert only(sandbox).author_name is None


@pytest.mark.parametrize("last", [False, True])
def test_only_the_original_is_kept_of_a_translated_review(serve: Any, last: bool) -> None:
    """Google's English is not what somebody wrote, and would change under us; it comes before or behind the original."""
    text = "Gwasanaeth da.\n\nDiolch!"
    rows = [review(GOOGLE, 0, text=text, translated="Good service.\n\nThanks!", translated_last=last)]
    found = only(serve(rows))
    assert found.text == text and "(Translated by Google)" in found.raw["comment"]


@pytest.mark.parametrize("written", ["(Translated by Google) Alone", "I mean (Translated by Google)", "(Original)", ""])
def test_what_is_no_envelope_is_left_alone(written: str) -> None:
    """Nothing that somebody wrote may be cut away."""
    assert original(written) == written


@pytest.mark.parametrize("state", ["PENDING", "REJECTED"])
def test_a_reply_that_is_not_public_is_hidden(serve: Any, state: str) -> None:
    """Only the owner sees it: the report must not say that the public does."""
    found = items(list(pages(serve([review(GOOGLE, 0), reply(GOOGLE, 0, 5, reply_state=state)]), GOOGLE)))
    assert found[f"{name(GOOGLE, 0)}/reply"].hidden and not found[name(GOOGLE, 0)].hidden


def test_null_in_the_list_is_passed_over(serve: Any) -> None:
    """Google has sent null among reviews: it must cost nothing else, nor be taken for all there is."""
    sandbox = serve(profile(GOOGLE, 3))
    body = google_answer(sandbox)
    body["reviews"][1] = None
    sandbox.fault("/reviews", Answer(200, body))
    read = list(pages(sandbox, GOOGLE))
    assert numbers(read) == ["2", "0"] and not read[-1].rejected
    assert said(read) == "Google counts 3 reviews, but showed us 2 of them." and not read[-1].listed
    assert read[-1].expected == 3


def test_a_list_that_does_not_say_how_long_it_is_tells_nothing_gone(serve: Any) -> None:
    """Without the number of reviews, the list is read to its end, but nobody can say that it is whole."""
    sandbox = serve(profile(GOOGLE, 30))
    memory = known(sandbox, GOOGLE)
    body = google_answer(sandbox)
    del body["totalReviewCount"]
    sandbox.fault("/reviews", Answer(200, body))
    read = list(pages(sandbox, GOOGLE, next_window(memory)))
    assert len(numbers(read)) == 30 and not read[-1].listed and not said(read)


def test_one_broken_review_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept, with its id where it has one, and is not gone."""
    sandbox = serve([*profile(GOOGLE, 6), reply(GOOGLE, 5, 9)])
    body = google_answer(sandbox)
    body["reviews"][0]["reviewReply"] = "broken"
    body["reviews"][1]["createTime"] = "yesterday"
    body["reviews"][2]["comment"] = "half an emoji \ud83d"
    del body["reviews"][3]["name"]
    body["reviews"][4] = 7
    sandbox.fault("/reviews", Answer(200, body))
    read = list(pages(sandbox, GOOGLE))
    assert numbers(read) == ["5", "0"] and not read[-1].listed
    assert [one.id and one.id.split("/", 3)[-1] for one in read[-1].rejected] == ["r5/reply", "r4", "r3", None, None]
    for words in ("no comment", "createTime is not a time", "half a character", "no name"):
        assert words in " ".join(one.reason for one in read[-1].rejected)


def test_a_profile_without_reviews_is_no_error(serve: Any) -> None:
    """Google answers {}: there is nothing to report, and nothing to be told gone."""
    read = list(pages(serve([]), GOOGLE))
    assert [(page.items, page.gaps, page.listed) for page in read] == [((), (), ())]


def test_consent_is_as_good_as_a_token(serve: Any) -> None:
    """With ACTO_GOOGLE_OAUTH nobody has to make a token every hour; neither shows in an address."""
    sandbox = serve(profile(GOOGLE, 1))
    consent = json.dumps({"client_id": "client", "client_secret": "client-secret", "refresh_token": sandbox.key})
    owner = source(sandbox, GOOGLE, secret=None, oauth=consent)
    with google.connect(owner, sleep=Pauses()) as http:
        assert len(items(list(google.read(owner, Window(), http)))) == 1
    assert sandbox.requests[0].path == "/token"
    assert sandbox.requests[1].headers["authorization"] == f"Bearer {ACCESS_TOKEN}"


def test_edits_within_the_list_are_times_apart(serve: Any) -> None:
    """Google's nine digits of a second are read."""
    sandbox = serve(profile(GOOGLE, 1))
    body = google_answer(sandbox)
    body["reviews"][0] |= {"createTime": "2026-10-01T09:00:00.123456789Z", "updateTime": "2026-10-01T09:00:01.5Z"}
    sandbox.fault("/reviews", Answer(200, body))
    found = only(sandbox)
    assert found.created_at == BEGIN + timedelta(microseconds=123456)
    assert found.edited_at == BEGIN + timedelta(seconds=1.5)
