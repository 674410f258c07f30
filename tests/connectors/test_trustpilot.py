"""The Trustpilot connector over real HTTP: every review and reply, in as few calls as can be."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Listed
from connectors.sandbox import Answer
from connectors.sandbox.trustpilot import REFUSALS, UNIT, least_calls, refusal
from connectors.sandbox.world import World
from connectors.source import Window
from tests.connectors.reviews import at, known, next_window, numbers, pages, profile, reply, review, said, source
from tests.connectors.story import BEGIN, all_words_of, items

TRUSTPILOT = "trustpilot"
KEY = "canary-key-of-nobody-4711"


def test_every_review_of_every_page_is_read(serve: Any) -> None:
    """The review on the third page may be the one that matters; nor may a call be wasted."""
    sandbox = serve([*profile(TRUSTPILOT, 230), reply(TRUSTPILOT, 3, 500)])
    read = list(pages(sandbox, TRUSTPILOT))
    assert sorted(map(int, numbers(read))) == list(range(230))
    assert len(sandbox.requests) == 3 == least_calls(sandbox.world.presence(TRUSTPILOT), None, ())
    assert sum(page.expected or 0 for page in read) == 231
    assert [one for page in read for one in page.listed] == [Listed(("review",))]
    assert {one.id for page in read for one in page.threads} == {f"r{number}" for number in range(230)}
    assert [page.resume for page in read] == [{"page": "2"}, {"page": "3"}, None]


def test_past_the_end_there_is_nothing(serve: Any) -> None:
    """A last page that is full does not say so: the empty one after it is the end, and no trouble."""
    sandbox = serve(profile(TRUSTPILOT, 200))
    read = list(pages(sandbox, TRUSTPILOT))
    assert len(numbers(read)) == 200 and not said(read) and read[-1].listed
    assert len(sandbox.requests) == 3 == least_calls(sandbox.world.presence(TRUSTPILOT), None, ())


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what with how many stars, when, and what ACTO answered: the owner is known by the reply's author."""
    edited = {"edits": [{"at": at(60).isoformat(), "text": "Changed"}]}
    rows = [review(TRUSTPILOT, 0, title="Oh dear", verified=True, likes=3, rating=1, **edited), reply(TRUSTPILOT, 0, 9)]
    found = items(list(pages(serve(rows), TRUSTPILOT)))
    wrote, answered = found["r0"], found["r0/reply"]
    assert (wrote.kind, wrote.text, wrote.rating) == ("review", "Oh dear\n\nChanged", 1)
    assert (wrote.author_id, wrote.author_name) == ("u0", "Reviewer 0")
    assert (wrote.thread_id, wrote.parent_id) == ("r0", None)
    assert wrote.url == "https://www.trustpilot.com/reviews/r0"
    assert (wrote.created_at, wrote.edited_at) == (BEGIN, at(60))
    assert (wrote.raw["isVerified"], wrote.raw["numberOfLikes"]) == (True, 3) and "companyReply" not in wrote.raw
    assert (answered.kind, answered.text, answered.author_name) == ("review_reply", "Thank you", "ACTO reply")
    assert (answered.thread_id, answered.parent_id) == ("r0", "r0")
    assert (answered.created_at, answered.edited_at) == (at(9), None)


def test_times_without_a_zone_are_utc(serve: Any) -> None:
    """Trustpilot leaves the zone out: an hour off in summer would put a review on another night."""
    sandbox = serve([review(TRUSTPILOT, 0)])
    found = items(list(pages(sandbox, TRUSTPILOT)))["r0"]
    assert found.raw["createdAt"] == "2026-10-01T09:00:00" and str(found.created_at) == "2026-10-01 09:00:00+00:00"


@pytest.mark.parametrize(
    ("title", "text", "expected"), [(None, "Words", "Words"), ("Title", "", "Title"), (None, "", "")]
)
def test_what_is_null_is_left_out(serve: Any, title: str | None, text: str, expected: str) -> None:
    """A review may lack title, text and language: it is a review all the same."""
    rows = [review(TRUSTPILOT, 0, title=title, text=text, language=None)]
    assert items(list(pages(serve(rows), TRUSTPILOT)))["r0"].text == expected


def test_a_quiet_night_costs_one_call(serve: Any) -> None:
    """Nothing is new and nothing is due: the newest page says so. The number of reviews is not asked for."""
    sandbox = serve(profile(TRUSTPILOT, 330))
    memory = known(sandbox, TRUSTPILOT)
    read = list(pages(sandbox, TRUSTPILOT, next_window(memory)))
    assert len(sandbox.requests) == 1 and not said(read)
    assert read[-1].listed == (Listed(("review",), at(60 * 24)),)


def test_the_list_is_walked_down_to_the_oldest_that_is_due(serve: Any) -> None:
    """Edits and replies do not bring a review up: what is due is found where it stands."""
    rows = [*profile(TRUSTPILOT, 450), reply(TRUSTPILOT, 205, 9000), review(TRUSTPILOT, 500, 9100)]
    rows[240]["edits"] = [{"at": at(9000).isoformat(), "text": "Changed"}]
    rows[230]["deleted"] = at(9000).isoformat()
    sandbox = serve(rows)
    sandbox.at(at(8000))
    memory = known(sandbox, TRUSTPILOT, "r205", "r240", "r230", "r400")
    sandbox.at(at(9500))
    read = list(pages(sandbox, TRUSTPILOT, next_window(memory, since=at(9000))))
    found = items(read)
    assert len(sandbox.requests) == 3 == least_calls(sandbox.world.presence(TRUSTPILOT), at(9000), {"r205", "r240"})
    assert "r205/reply" in found and found["r240"].text == "Changed" and "r500" in found
    assert read[-1].listed == (Listed(("review",), at(205)),), "so r230 is seen to be gone"


def test_given_days_are_listed_as_given(serve: Any) -> None:
    """A scan of given days says which days it has seen; equal times are not cut in two."""
    sandbox = serve([*profile(TRUSTPILOT, 110), *(review(TRUSTPILOT, 200 + number, 5000) for number in range(150))])
    window = Window(since=at(5000), until=at(5001))
    read = list(pages(sandbox, TRUSTPILOT, window))
    assert len(read) == 2 and len([one for one in numbers(read) if int(one) >= 200]) == 150
    assert read[-1].listed == (Listed(("review",), window.since, window.until),)


def test_what_was_written_after_the_end_is_left_out(serve: Any) -> None:
    """`--until` reads what was begun before it."""
    assert numbers(list(pages(serve(profile(TRUSTPILOT, 5)), TRUSTPILOT, Window(until=at(2))))) == ["2", "1", "0"]


def test_an_interrupted_pass_goes_on_where_it_was(serve: Any) -> None:
    """A night that is cut off must not begin again; as pages may have moved meanwhile, it tells nothing gone."""
    sandbox = serve(profile(TRUSTPILOT, 230))
    whole = pages(sandbox, TRUSTPILOT)
    first = next(whole)
    whole.close()
    rest = list(pages(sandbox, TRUSTPILOT, Window(resume=first.resume)))
    assert len(numbers([first, *rest])) == 230 and len(sandbox.requests) == 3
    assert not rest[-1].listed and not said(rest)


def test_a_deleted_review_is_told_only_once_trustpilot_counts_one_less(serve: Any) -> None:
    """The whole list shows fewer than before: one more call tells a deletion from an answer that was cut short."""
    rows = profile(TRUSTPILOT, 30)
    sandbox = serve(rows)
    memory = known(sandbox, TRUSTPILOT)
    sandbox.world = World([*rows[:4], *rows[5:]])
    read = list(pages(sandbox, TRUSTPILOT, next_window(memory)))
    assert len(sandbox.requests) == 2 and sandbox.requests[-1].path == f"/v1/business-units/{UNIT}"
    assert read[-1].listed == (Listed(("review",)),) and not said(read)


def test_an_answer_that_is_cut_short_deletes_nothing(serve: Any) -> None:
    """Ten of thirty reviews come, and Trustpilot counts thirty: twenty are missing, not gone."""
    rows = profile(TRUSTPILOT, 30)
    sandbox = serve(rows)
    memory = known(sandbox, TRUSTPILOT)
    sandbox.fault("/reviews", Answer(200, {"reviews": [{"id": f"r{number}"} for number in range(10)]}))
    read = list(pages(sandbox, TRUSTPILOT, Window(known=memory)))
    assert said(read) == "Trustpilot counts 30 reviews, but showed us 10 of them." and not read[-1].listed
    assert read[-1].expected == 30


@pytest.mark.parametrize("counted", [Answer(503), Answer(200, {}), Answer(200, {"numberOfReviews": {"total": "30"}})])
def test_a_count_that_cannot_be_had_deletes_nothing(serve: Any, counted: Answer) -> None:
    """The same where Trustpilot does not say how many there are."""
    sandbox = serve(profile(TRUSTPILOT, 30))
    memory = known(sandbox, TRUSTPILOT)
    sandbox.fault("/reviews", Answer(200, {"reviews": [{"id": "r1"}]}))
    sandbox.fault(f"{UNIT}$", counted, times=None)
    read = list(pages(sandbox, TRUSTPILOT, Window(known=memory)))
    assert "could not be asked how many there are" in said(read) and not read[-1].listed


def test_no_reviews_where_there_were_some_is_a_gap(serve: Any) -> None:
    """An empty list can come of a wrong filter or a lost permission: nothing is told gone from it."""
    sandbox = serve(profile(TRUSTPILOT, 30))
    memory = known(sandbox, TRUSTPILOT)
    sandbox.fault("/reviews", Answer(200, {"reviews": []}))
    read = list(pages(sandbox, TRUSTPILOT, Window(known=memory)))
    assert "although there were 30" in said(read) and not read[-1].listed


def test_a_profile_without_reviews_is_no_error(serve: Any) -> None:
    """There is nothing to report, and nothing to be told gone."""
    read = list(pages(serve([]), TRUSTPILOT))
    assert [(page.items, page.gaps, page.listed) for page in read] == [((), (), ())]


def test_one_broken_review_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept, with its id where it has one; then nothing is told gone."""
    sandbox = serve([])
    broken = [
        {"id": "r1", "createdAt": "yesterday"},
        {"id": "r2", "text": "half an emoji \ud83d"},
        {"id": "r3", "text": "cut\0here"},
        {"id": "../r4", "text": "no id"},
        {"id": "r5", "companyReply": "broken"},
        None,
        7,
    ]
    sandbox.fault("/reviews", Answer(200, {"reviews": broken}))
    read = list(pages(sandbox, TRUSTPILOT))
    assert set(items(read)) == {"r5"} and not read[-1].listed
    assert [one.id for one in read[-1].rejected] == ["r1", "r2", "r3", None, "r5/reply", None, None]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("badKey", "ACTO_TRUSTPILOT_API_KEY"),
        ("forbidden", "the plan must include the API"),
        ("notFound", "look at business_unit_id in acto.toml"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, reason: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(profile(TRUSTPILOT, 1))
    sandbox.fault("/reviews", refusal(reason), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox, TRUSTPILOT))
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("reason", ["tooFast", "unavailable"])
def test_a_hiccup_is_waited_out(serve: Any, reason: str) -> None:
    """Too many calls or a short failure must not cost the night."""
    sandbox = serve(profile(TRUSTPILOT, 2))
    sandbox.fault("/reviews", refusal(reason), times=2)
    assert len(numbers(list(pages(sandbox, TRUSTPILOT)))) == 2


@pytest.mark.parametrize("reason", sorted(REFUSALS))
def test_no_refusal_escapes_as_something_else(serve: Any, reason: str) -> None:
    """Whatever Trustpilot answers, the flow gets a sentence."""
    sandbox = serve(profile(TRUSTPILOT, 2))
    sandbox.fault("/reviews", refusal(reason), times=None)
    with pytest.raises(SourceError) as caught:
        list(pages(sandbox, TRUSTPILOT))
    assert str(caught.value).endswith((".", ")"))


@pytest.mark.parametrize("body", ["<html>", "", b"\xff", "[" * 100_000, "null", [], {}, {"reviews": None}])
def test_an_answer_that_is_no_answer_is_not_an_empty_profile(serve: Any, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no reviews"."""
    sandbox = serve(profile(TRUSTPILOT, 2))
    sandbox.fault("/reviews", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not the reviews that we asked for"):
        list(pages(sandbox, TRUSTPILOT))


def test_the_thousandth_page_is_the_last(serve: Any) -> None:
    """Trustpilot answers a page beyond it with an error: that there is more is a gap."""
    sandbox = serve([])
    full = [{"id": f"x{number}"} for number in range(100)]
    sandbox.fault("page=1000", Answer(200, {"reviews": full}))
    read = list(pages(sandbox, TRUSTPILOT, Window(resume={"page": "1000"})))
    assert "100,000 reviews at most" in said(read) and len(sandbox.requests) == 1 and not read[-1].listed


def test_a_page_that_comes_again_and_again_ends_with_a_gap(serve: Any) -> None:
    """A list that ignores its page number must not become an endless loop."""
    sandbox = serve([])
    sandbox.fault("/reviews", Answer(200, {"reviews": [{"id": f"x{n}"} for n in range(100)]}), times=None)
    read = list(pages(sandbox, TRUSTPILOT))
    assert "again and again" in said(read) and len(sandbox.requests) < 6 and not read[-1].listed


def test_the_key_travels_in_its_header_alone(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Trustpilot would take the key in the address as well, where every log shows it."""
    sandbox = serve(profile(TRUSTPILOT, 1))
    with caplog.at_level("DEBUG"), pytest.raises(Refused, match="does not accept the key") as caught:
        list(pages(sandbox, TRUSTPILOT, read_from=source(sandbox, TRUSTPILOT, secret=KEY)))
    assert KEY not in all_words_of(caught.value) and KEY not in caplog.text
    assert [call.headers["apikey"] for call in sandbox.requests] == [KEY]
    assert not [call for call in sandbox.requests if KEY in call.path]


@pytest.mark.parametrize("unit", ["acto-org.uk", "../x", "a?b", "a/b"])
def test_an_address_in_the_place_of_the_id_is_refused(serve: Any, unit: str) -> None:
    """The usual mistake; and nothing but an id gets into an address."""
    sandbox = serve(profile(TRUSTPILOT, 1))
    with pytest.raises(Refused, match="business_unit_id"):
        list(pages(sandbox, TRUSTPILOT, read_from=source(sandbox, TRUSTPILOT, keys={"business_unit_id": unit})))
    assert not sandbox.requests


def test_a_deadline_ends_the_pass(serve: Any) -> None:
    """The night has an end."""
    with pytest.raises(PassOver):
        list(pages(serve(profile(TRUSTPILOT, 1)), TRUSTPILOT, deadline=0.0))


def test_a_page_that_is_not_full_may_have_a_next_one(serve: Any) -> None:
    """Where Trustpilot shows fewer a call than we ask for, all but the newest reviews would be missed in a green night."""
    sandbox = serve(profile(TRUSTPILOT, 1))
    link = {"href": "https://api.trustpilot.com/v1/…", "method": "GET", "rel": "next-page"}
    first = {"reviews": [{"id": "aa", "text": "newest"}, {"id": "bb", "text": "older"}], "links": [link]}
    sandbox.fault("page=1&", Answer(200, first))
    sandbox.fault("page=2&", Answer(200, {"reviews": [{"id": "cc", "text": "oldest"}], "links": None}))
    read = list(pages(sandbox, TRUSTPILOT))
    assert list(items(read)) == ["aa", "bb", "cc"] and read[-1].listed
