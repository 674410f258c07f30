"""The YouTube connector when things go wrong: what the report says, and that nothing is lost or leaked."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import youtube
from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Page
from connectors.sandbox import Answer
from connectors.sandbox.youtube.refusals import REFUSALS, refusal
from connectors.source import Window
from tests.connectors.story import all_words_of, channel, connect, items, pages, source

KEY = "canary-key-of-nobody-4711"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("quotaExceeded", "daily quota is used up; it resets at midnight Pacific"),
        ("accessNotConfigured", "enable it in the Google Cloud console"),
        ("keyInvalid", "ACTO_YOUTUBE_API_KEY"),
        ("keyMissing", "look at its restrictions"),
        ("forbidden", "look at its restrictions"),
        ("commentsDisabled", "comments are turned off for this channel"),
        ("channelNotFound", "look at channel_id in acto.toml"),
    ],
)
def test_a_refusal_says_what_to_do(serve: Any, reason: str, words: str) -> None:
    """A human must be able to mend it from the report alone; and it is not tried again in vain."""
    sandbox = serve(channel(threads=1))
    sandbox.fault("/commentThreads", refusal(reason), times=None)
    with pytest.raises(Refused, match=words):
        list(pages(sandbox))
    assert len(sandbox.requests) == 4


def test_a_wrong_key_is_refused_and_never_shown(serve: Any) -> None:
    """The key must not turn up in a URL, an error or a log, right or wrong."""
    sandbox = serve(channel())
    wrong = source(sandbox, secret=KEY)
    with youtube.connect(wrong) as http, pytest.raises(Refused, match="does not accept the key") as caught:
        list(youtube.read(wrong, Window(), http))
    assert KEY not in all_words_of(caught.value)
    assert [call.headers["x-goog-api-key"] for call in sandbox.requests] == [KEY]
    assert not [call for call in sandbox.requests if KEY in call.path]


def test_a_channel_that_does_not_exist_names_the_setting(serve: Any) -> None:
    """A handle in the place of the id is the usual mistake."""
    sandbox = serve(channel())
    handle = source(sandbox, channel_id="@acto")
    with connect(sandbox) as http, pytest.raises(Refused, match="look at channel_id"):
        list(youtube.read(handle, Window(), http))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(REFUSALS))
@pytest.mark.parametrize("path", ["/channels", "/playlistItems", "/videos", "/commentThreads", r"/comments\?"])
def test_no_refusal_escapes_as_something_else(serve: Any, name: str, path: str) -> None:
    """Whatever YouTube answers wherever, the flow gets a sentence or a page, never a library's exception."""
    sandbox = serve(channel(threads=2, replies={0: 9}))
    sandbox.fault(path, refusal(name), times=None)
    try:
        list(pages(sandbox))
    except SourceError as error:
        assert str(error).endswith((".", ")"))


@pytest.mark.parametrize("reason", ["backendError", "rateLimitExceeded"])
def test_a_hiccup_is_waited_out(serve: Any, reason: str) -> None:
    """Too many calls a minute (a 403 at Google) or a short failure must not cost the night."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", refusal(reason), times=2)
    assert set(items(list(pages(sandbox)))) == {"v0", "c0", "c1"}


def test_a_lasting_failure_is_transient(serve: Any) -> None:
    """The flow tries such a source again later the same night."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", refusal("backendError"), times=None)
    with pytest.raises(Transient, match="answered 503, 4 times"):
        list(pages(sandbox))


def test_processing_failure_is_not_hammered(serve: Any) -> None:
    """YouTube's 400 processingFailure may pass, but not within seconds."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", refusal("processingFailure"), times=None)
    with pytest.raises(Transient, match="processingFailure"):
        list(pages(sandbox))
    assert len(sandbox.requests) == 4


@pytest.mark.parametrize(
    "body",
    [
        "<html>We'll be right back</html>",
        "",
        b"\xff\xfe",
        "[" * 100_000,
        "9" * 10_000,
        "null",
        [],
        {},
        {"items": []},
        {"kind": "youtube#commentListResponse", "items": []},
        {"kind": "youtube#commentThreadListResponse", "items": "none"},
        {"kind": "youtube#commentThreadListResponse", "items": [], "nextPageToken": 7},
        {"error": "no"},
    ],
)
def test_an_answer_that_is_no_answer_is_not_an_empty_channel(serve: Any, body: Any) -> None:
    """A page of HTML with status 200 must never read as "no comments": all would look deleted."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", Answer(200, body), times=None)
    with pytest.raises(Transient, match="not the list that we asked for"):
        list(pages(sandbox))


@pytest.mark.parametrize(
    "body", ["<html>", [], {"error": "no"}, {"error": {"errors": [7]}}, {"error": {"errors": "x"}}]
)
def test_a_refusal_without_reasons_is_still_a_sentence(serve: Any, body: Any) -> None:
    """Proxies and bad days answer 403 with anything."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", Answer(403, body), times=None)
    with pytest.raises(Refused, match="refuses the key"):
        list(pages(sandbox))


def test_a_body_cut_off_is_fetched_again(serve: Any) -> None:
    """Half a page must not pass for a whole one."""
    sandbox = serve(channel(threads=90))
    sandbox.fault("/commentThreads", cut=True)
    assert len(items(list(pages(sandbox)))) == 91


def test_a_hanging_server_does_not_hold_the_night(serve: Any) -> None:
    """Silence ends in a sentence."""
    sandbox = serve(channel(threads=1))
    sandbox.fault("/commentThreads", delay=5, times=None)
    with pytest.raises(Transient, match="did not answer in time"):
        list(pages(sandbox, timeout=(1, 0.1)))


def test_one_threads_replies_failing_is_a_gap_that_names_it(serve: Any) -> None:
    """One broken thread must not cost the others, and the report must say which one."""
    sandbox = serve(channel(threads=3, replies={0: 9, 1: 9, 2: 9}))
    sandbox.fault("/comments.*parentId=c1", refusal("backendError"), times=None)
    read = list(pages(sandbox))
    gaps = [gap for page in read for gap in page.gaps]
    assert len(gaps) == 1 and gaps[0].startswith("The replies to the YouTube comment c1 could not all be read: ")
    assert len(items(read)) == 4 + 9 + 5 + 9


def test_a_thread_deleted_meanwhile_is_no_gap(serve: Any) -> None:
    """Between two calls of a pass somebody may delete a thread: that is not a failure."""
    sandbox = serve(channel(threads=1, replies={0: 9}))
    sandbox.fault(r"/comments\?", refusal("commentNotFound"))
    assert not [gap for page in pages(sandbox) for gap in page.gaps]


@pytest.mark.parametrize(("reason", "kind"), [("quotaExceeded", Refused), ("backendError", PassOver)])
def test_what_is_here_is_kept_when_the_pass_breaks_off(serve: Any, reason: str, kind: type[SourceError]) -> None:
    """A quota that ends among the replies must not throw away the page of comments that is already here. That page comes
    again: a gap on it would make the night that goes on from there look partly read, too.
    """
    sandbox = serve(channel(threads=150, replies=dict.fromkeys(range(150), 7)))
    sandbox.fault(r"/comments\?", refusal(reason), times=None, after=110)
    read: list[Page] = []
    with pytest.raises(kind):
        for page in pages(sandbox):
            read.append(page)
    found = items(read)
    assert {f"c{n}" for n in range(150)} <= set(found)
    assert len([name for name in found if name.startswith("c149.")]) == 7
    assert read[-1].resume and read[-2].resume
    assert kind is PassOver or not [gap for page in read for gap in page.gaps]
    assert read[-1].resume["page_token"] == read[-2].resume["page_token"]
    sandbox.faults.clear()
    rest = list(pages(sandbox, Window(resume=read[-1].resume)))
    assert len(set(found) | set(items(rest))) == 1 + 150 * 8


def test_a_page_that_comes_again_and_again_ends_with_a_gap(serve: Any) -> None:
    """YouTube has ignored page tokens for weeks: that must not become an endless loop."""
    sandbox = serve(channel(threads=150))
    with connect(sandbox) as http:
        first = http.request("GET", thread_list(sandbox)).json()
    for n in range(50):
        sandbox.fault("/commentThreads", Answer(200, first | {"nextPageToken": f"token{n}"}))
    read = list(pages(sandbox))
    assert "again and again" in " ".join(read[-2].gaps) and read[-1].resume is None
    assert len(items(read)) == 101 and len(sandbox.requests) < 10


def test_a_token_that_comes_again_ends_with_a_gap(serve: Any) -> None:
    """A list that points back to itself must not become an endless loop."""
    sandbox = serve(channel(threads=150))
    with connect(sandbox) as http:
        first = http.request("GET", thread_list(sandbox)).json()
    sandbox.fault("/commentThreads", Answer(200, first | {"nextPageToken": "again"}), times=None)
    read = list(pages(sandbox))
    assert "again and again" in " ".join(read[-2].gaps)
    assert len(sandbox.requests) == 6


def test_replies_that_come_again_and_again_are_a_gap(serve: Any) -> None:
    """The same for the replies of one thread."""
    sandbox = serve(channel(threads=2, replies={0: 150}))
    with connect(sandbox) as http:
        first = http.request(
            "GET", f"{youtube.HOST}/youtube/v3/comments?part=snippet&parentId=c0&maxResults=100"
        ).json()
    sandbox.fault(r"/comments\?", Answer(200, first), times=None)
    read = list(pages(sandbox))
    assert "comment c0 came again and again" in " ".join(gap for page in read for gap in page.gaps)
    assert len(items(read)) == 3 + 100


def test_a_debug_log_can_be_shown_around(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Google's library logs addresses, urllib3 logs calls: none may hold the key."""
    sandbox = serve(channel(threads=2, replies={0: 9}))
    sandbox.fault("/commentThreads", refusal("backendError"))
    sandbox.fault(r"/comments\?", Answer(403, f"key {sandbox.key} is not allowed"), times=None)
    with caplog.at_level("DEBUG"):
        read = list(pages(sandbox))
    assert "commentThreads" in caplog.text and sandbox.key not in caplog.text
    assert sandbox.key not in repr(read) and [gap for page in read for gap in page.gaps]


def thread_list(sandbox: Any) -> str:
    """The address that the connector asks for threads."""
    query = f"part=snippet,replies&allThreadsRelatedToChannelId={sandbox.channel}&maxResults=100"
    return f"{youtube.HOST}/youtube/v3/commentThreads?{query}"
