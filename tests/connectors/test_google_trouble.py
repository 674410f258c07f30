"""The Google Business Profile connector when things go wrong: what the report says, and that nothing is lost or leaked."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import google
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Page
from connectors.sandbox import Answer
from connectors.sandbox.google import LOCATION
from connectors.sandbox.google.refusals import REFUSALS, refusal
from connectors.source import Window
from tests.connectors.reviews import at, known, name, next_window, numbers, pages, profile, said, source
from tests.connectors.story import Pauses, all_words_of

GOOGLE = "google"
TOKEN = "ya29.canary-token-of-nobody"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("notApproved", "access request form"),
        ("unauthenticated", "ACTO_GOOGLE_TOKEN or, to be spared that, ACTO_GOOGLE_OAUTH"),
        ("scopeMissing", "business.manage"),
        ("apiDisabled", "enable it in the Google Cloud console"),
        ("forbidden", "owner or manager of the business profile"),
        ("notFound", "not verified: look at account_id and location_id"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, reason: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(profile(GOOGLE, 1))
    sandbox.fault("/reviews", refusal(reason), times=None)
    with pytest.raises(Refused, match=words) as caught:
        list(pages(sandbox, GOOGLE))
    assert len(sandbox.requests) == 1
    assert "quota metric" not in str(caught.value), "Google's own words"


def test_a_project_without_approval_is_no_rate_limit(serve: Any) -> None:
    """A quota of 0 looks like a rate limit: whoever waits for it waits for ever."""
    sandbox, pauses = serve(profile(GOOGLE, 1)), Pauses()
    sandbox.fault("/reviews", refusal("notApproved"), times=None)
    with pytest.raises(Refused, match="Google Takeout"):
        list(pages(sandbox, GOOGLE, sleep=pauses))
    assert not pauses


@pytest.mark.parametrize("reason", ["tooFast", "unavailable"])
def test_a_hiccup_is_waited_out(serve: Any, reason: str) -> None:
    """A real rate limit or a short failure must not cost the night."""
    sandbox = serve(profile(GOOGLE, 2))
    sandbox.fault("/reviews", refusal(reason), times=2)
    assert len(numbers(list(pages(sandbox, GOOGLE)))) == 2


def test_a_lasting_failure_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    sandbox = serve(profile(GOOGLE, 2))
    sandbox.fault("/reviews", refusal("tooFast"), times=None)
    with pytest.raises(Transient, match="answered 429, 4 times"):
        list(pages(sandbox, GOOGLE))


def test_a_call_that_google_does_not_understand_is_not_hammered(serve: Any) -> None:
    """A page token that died between two pages may do no harm the next time."""
    sandbox = serve(profile(GOOGLE, 60))
    sandbox.fault("pageToken", refusal("invalid"), times=None)
    with pytest.raises(Transient, match="could not process our call: 400"):
        list(pages(sandbox, GOOGLE))
    assert len(sandbox.requests) == 2


@pytest.mark.parametrize(
    "body",
    [
        "<html>We'll be right back</html>",
        "",
        b"\xff\xfe",
        "[" * 100_000,
        "null",
        [],
        {"error": "no"},
        {"reviews": "none"},
        {"reviews": [], "nextPageToken": 7},
        {"reviews": [], "totalReviewCount": "47"},
        {"totalReviewCount": -1},
    ],
)
def test_an_answer_that_is_no_answer_is_not_an_empty_profile(serve: Any, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no reviews": all would look deleted."""
    sandbox = serve(profile(GOOGLE, 2))
    sandbox.fault("/reviews", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not the reviews that we asked for"):
        list(pages(sandbox, GOOGLE))


@pytest.mark.parametrize("body", [{}, {"reviews": []}, {"totalReviewCount": 0}, {"reviews": [None]}])
def test_an_empty_answer_where_there_were_reviews_is_a_gap(serve: Any, body: Any) -> None:
    """A lost permission can look like an empty profile: nothing is told gone from it, and nothing is asked 50 times."""
    sandbox = serve(profile(GOOGLE, 60))
    memory = known(sandbox, GOOGLE, *(name(GOOGLE, number) for number in range(60)))
    sandbox.fault("/reviews", Answer(200, body), times=None)
    read = list(pages(sandbox, GOOGLE, next_window(memory)))
    assert "although there were 60" in said(read)
    assert not read[-1].listed and not read[-1].gone and not read[-1].threads and len(sandbox.requests) == 1


def test_fewer_reviews_than_google_counts_are_a_gap(serve: Any) -> None:
    """A page that comes short must not make the rest look deleted."""
    sandbox = serve(profile(GOOGLE, 60))
    with google.connect(source(sandbox, GOOGLE)) as http:
        address = f"{google.HOST}/v4/accounts/-/locations/{LOCATION}/reviews"
        first = http.request("GET", address, params={"pageSize": 20}).json()
    del first["nextPageToken"]
    sandbox.fault("/reviews", Answer(200, first))
    read = list(pages(sandbox, GOOGLE))
    assert said(read) == "Google counts 60 reviews, but showed us 20 of them." and not read[-1].listed
    assert read[-1].expected == 60


def test_a_review_that_slips_between_two_pages_is_noticed(serve: Any) -> None:
    """One is deleted while we read, all below move up: the one that was passed over must not look deleted."""
    sandbox = serve(profile(GOOGLE, 120))
    reading = pages(sandbox, GOOGLE, Window(since=at(-1)))
    read = [next(reading)]
    sandbox.world.presence(GOOGLE).by_kind["review"].pop(0)
    read += reading
    assert len(numbers(read)) == 119 and not read[-1].listed
    assert said(read) == "Google counts 120 reviews, but showed us 119 of them."


def test_a_list_that_goes_in_circles_ends_with_a_gap(serve: Any) -> None:
    """A list that points back to itself must not become an endless loop, nor pass for the whole."""
    sandbox = serve(profile(GOOGLE, 120))
    with google.connect(source(sandbox, GOOGLE)) as http:
        first = http.request("GET", f"{google.HOST}/v4/accounts/-/locations/{LOCATION}/reviews").json()
    sandbox.requests.clear()
    sandbox.fault("/reviews", Answer(200, first | {"nextPageToken": "again"}), times=None)
    read = list(pages(sandbox, GOOGLE))
    assert "again and again" in said(read) and not read[-1].listed and len(sandbox.requests) == 2


def due_at_the_bottom(sandbox: Any) -> Window:
    """Two due reviews that the first page of four does not show."""
    return next_window(known(sandbox, GOOGLE, name(GOOGLE, 1), name(GOOGLE, 2)))


def test_one_due_review_that_fails_is_a_gap_that_names_it(serve: Any) -> None:
    """The others are read all the same, and nothing is told of that one."""
    sandbox = serve(profile(GOOGLE, 180))
    window = due_at_the_bottom(sandbox)
    sandbox.fault("/reviews/r1", refusal("unavailable"), times=None)
    read = list(pages(sandbox, GOOGLE, window))
    assert f"{name(GOOGLE, 1)} could not be read again" in said(read) and "2" in numbers(read)
    assert name(GOOGLE, 1) not in {one.id for one in read[-1].threads} and not read[-1].gone


def test_another_review_in_the_place_of_the_due_one_is_not_believed(serve: Any) -> None:
    """An answer about something else says nothing about what was asked for."""
    sandbox = serve(profile(GOOGLE, 180))
    window = due_at_the_bottom(sandbox)
    sandbox.fault("/reviews/r1", Answer(200, {"name": f"accounts/1/{name(GOOGLE, 9)}"}), times=None)
    read = list(pages(sandbox, GOOGLE, window))
    assert "could not be read again" in said(read) and "9" not in numbers(read)


@pytest.mark.parametrize(("reason", "kind"), [("notApproved", Refused), ("unauthenticated", Refused)])
def test_what_is_here_is_kept_when_the_pass_breaks_off(serve: Any, reason: str, kind: type[SourceError]) -> None:
    """A token that runs out among the due reviews must not throw away the page that is already here. That page comes
    again: a gap on it would make the night that goes on from there look partly read, too.
    """
    sandbox = serve(profile(GOOGLE, 180))
    window = due_at_the_bottom(sandbox)
    sandbox.fault("/reviews/r1", refusal(reason), times=None)
    read: list[Page] = []
    with pytest.raises(kind):
        for page in pages(sandbox, GOOGLE, window):
            read.append(page)
    assert len(numbers(read)) == 50 and not said(read) and read[-1].resume
    sandbox.faults.clear()
    again = Window(since=window.since, known=window.known, bookmark=window.bookmark, resume=read[-1].resume)
    rest = list(pages(sandbox, GOOGLE, again))
    assert {"1", "2"} <= set(numbers(rest)) and not said(rest)


def test_a_deadline_ends_the_pass(serve: Any) -> None:
    """The night has an end."""
    with pytest.raises(PassOver):
        list(pages(serve(profile(GOOGLE, 1)), GOOGLE, deadline=0.0))


@pytest.mark.parametrize("reason", sorted(REFUSALS))
@pytest.mark.parametrize("path", [r"/reviews\?", "/reviews/r1"])
def test_no_refusal_escapes_as_something_else(serve: Any, reason: str, path: str) -> None:
    """Whatever Google answers wherever, the flow gets a sentence or a page, never a library's exception."""
    sandbox = serve(profile(GOOGLE, 180))
    window = due_at_the_bottom(sandbox)
    sandbox.fault(path, refusal(reason), times=None)
    try:
        list(pages(sandbox, GOOGLE, window))
    except SourceError as error:
        assert str(error).endswith((".", ")"))


@pytest.mark.parametrize(
    "keys",
    [
        {"account_id": "mine"},
        {"location_id": "-"},
        {"location_id": "1/../2"},
        {"location_id": "1?x="},
        {"account_id": "1/locations/2/reviews"},
    ],
)
def test_what_is_no_number_never_gets_into_an_address(serve: Any, keys: dict[str, str]) -> None:
    """A name or an address in the place of the number is the usual mistake."""
    sandbox = serve(profile(GOOGLE, 1))
    with pytest.raises(Refused, match="account_id"):
        list(pages(sandbox, GOOGLE, read_from=source(sandbox, GOOGLE, keys=keys)))
    assert not sandbox.requests


def test_a_wrong_token_is_refused_and_never_shown(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The token must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(profile(GOOGLE, 1))
    with caplog.at_level("DEBUG"), pytest.raises(Refused, match="does not accept the token") as caught:
        list(pages(sandbox, GOOGLE, read_from=source(sandbox, GOOGLE, secret=TOKEN)))
    assert TOKEN not in all_words_of(caught.value) and TOKEN not in caplog.text
    assert [call.headers["authorization"] for call in sandbox.requests] == [f"Bearer {TOKEN}"]
    assert not [call for call in sandbox.requests if TOKEN in call.path]
