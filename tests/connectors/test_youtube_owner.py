"""What YouTube shows to the channel's owner alone: comments that are held back, and captions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import youtube
from connectors.errors import Refused
from connectors.item import Item, Page
from connectors.sandbox import Answer
from connectors.sandbox.google_oauth import refusal as oauth_refusal
from connectors.sandbox.keys import ACCESS_TOKEN, KEY
from connectors.sandbox.youtube.refusals import refusal
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN, Row, calls, channel, items, night, pages, row

CONSENT = json.dumps({"client_id": "acto", "client_secret": "canary-client-secret-4711", "refresh_token": KEY})
EVENING = datetime(2026, 10, 20, 20, tzinfo=UTC)
QUIET = ["channels", "playlistItems", "videos", "commentThreads"]
OWNERS = ["token", *QUIET[:3], "commentThreads", "commentThreads", "commentThreads"]


def held(name: str, **more: Any) -> Row:
    """A comment that was held back from the beginning."""
    return row(name, "comment", "v0", 5, hidden=BEGIN.isoformat(), **more)


def spoken(*videos: int) -> list[Row]:
    """A channel of videos with captions."""
    rows = channel(videos=len(videos))
    for one in rows:
        one["captions"] = [{"language": "en", "text": f"Hello from {one['id']}\nIt's about 30\n& more"}]
    return rows


def captions(read: list[Page]) -> dict[str, str | None]:
    return {name: medium.text for name, item in items(read).items() for medium in item.media}


def sentences(read: list[Page], of: str) -> list[str]:
    return [one for page in read for one in getattr(page, of)]


def test_comments_that_are_held_back_are_hidden_items(serve: Any) -> None:
    """The Chair must see what waits for review, and what YouTube takes for spam, marked as seen by nobody else."""
    rows = [*channel(threads=1, replies={0: 2}), held("c1"), held("c2", moderation="likelySpam")]
    rows[-3]["hidden"] = BEGIN.isoformat()
    sandbox = serve(rows)
    found = items(list(pages(sandbox, oauth=CONSENT)))
    assert {name for name, item in found.items() if item.hidden} == {"c1", "c2"}
    assert found["c2"].raw["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] == "likelySpam"
    assert set(found) == {"v0", "c0", "c0.r0", "c1", "c2"}
    assert calls(sandbox) == [*OWNERS[:4], "captions", *["commentThreads"] * 3, "comments"]


def test_what_anybody_sees_is_read_as_anybody(serve: Any) -> None:
    """The owner's consent goes along only where it is needed: it may end, and an owner sees more than the public does."""
    sandbox = serve([*channel(threads=1), held("c1")])
    list(pages(sandbox, oauth=CONSENT))
    as_owner = [call for call in sandbox.requests if "authorization" in call.headers]
    assert len(as_owner) == 3 and all("moderationStatus" in one.path or "/captions" in one.path for one in as_owner)
    assert not [call for call in as_owner if "x-goog-api-key" in call.headers]


def test_without_consent_nothing_is_asked_and_nothing_said(serve: Any) -> None:
    """Most will never give it: that is no news each night."""
    sandbox = serve([*spoken(1), held("c1")])
    read = list(pages(sandbox))
    assert calls(sandbox) == QUIET and set(items(read)) == {"v0"}
    assert not sentences(read, "gaps") and not sentences(read, "notes")


@pytest.mark.parametrize("outcome", ["approved", "removed", "forgotten"])
def test_what_was_held_back_is_never_told_as_gone(serve: Any, outcome: str) -> None:
    """Approved, it is there for all; removed, or after 60 days, nobody but us has ever seen it."""
    waiting = held("c1", **({"unhidden": EVENING.isoformat()} if outcome == "approved" else {}))
    if outcome == "removed":
        waiting["deleted"] = EVENING.isoformat()
    sandbox = serve([*channel(threads=1), waiting])
    memory = Memory()
    sandbox.at(EVENING - timedelta(hours=1))
    assert items(night(sandbox, memory, oauth=CONSENT))["c1"].hidden
    memory.scheduled |= {"c0", "c1"}
    sandbox.at(EVENING + timedelta(days=70 if outcome == "forgotten" else 1))
    for oauth in (CONSENT, None, CONSENT):
        read = night(sandbox, memory, oauth=oauth)
        found = items(read)
        assert not [one for page in read for one in page.gone]
        assert ("c1" in found) == (outcome == "approved") and not [item for item in found.values() if item.hidden]
    assert outcome == "approved" or calls(sandbox) == OWNERS, "nor is it asked for again"


def test_a_reply_that_is_held_back_later_is_hidden_and_not_gone(serve: Any) -> None:
    """A public comment that YouTube takes back for review is still there for its owner."""
    rows = channel(threads=2)
    rows[1]["hidden"] = EVENING.isoformat()
    sandbox = serve(rows)
    memory = Memory("c0")
    sandbox.at(EVENING - timedelta(hours=1))
    assert not items(night(sandbox, memory, oauth=CONSENT))["c0"].hidden
    sandbox.at(EVENING + timedelta(hours=1))
    read = night(sandbox, memory, oauth=CONSENT)
    assert items(read)["c0"].hidden and not [one for page in read for one in page.gone]


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/token", oauth_refusal("invalid_grant"), '"Testing", where it ends after 7 days'),
        ("/token", Answer(200, "<html>"), "not an access token"),
        ("moderationStatus", refusal("forbidden"), "give consent again as docs/access/youtube.md says"),
        ("moderationStatus", refusal("authError"), "give consent again as docs/access/youtube.md says"),
        ("moderationStatus", Answer(200, "<html>"), "not the list that we asked for"),
        ("moderationStatus", refusal("processingFailure"), "processingFailure"),
    ],
)
def test_consent_that_ended_costs_only_what_needed_it(serve: Any, path: str, answer: Answer, words: str) -> None:
    """The public comments must be read all the same, and the report say what to do."""
    sandbox = serve([*channel(threads=3), held("c9")])
    sandbox.fault(path, answer, times=None)
    read = list(pages(sandbox, oauth=CONSENT))
    assert set(items(read)) == {"v0", "c0", "c1", "c2"}
    assert len(sentences(read, "gaps")) == 1 and words in sentences(read, "gaps")[0]


def test_captions_are_read_once(serve: Any) -> None:
    """What is said in a video is the association's word as well; its text costs 250 units, so it is paid for once."""
    sandbox = serve(spoken(1))
    memory = Memory()
    assert captions(night(sandbox, memory, oauth=CONSENT)) == {"v0": "Hello from v0\nIt's about 30\n& more"}
    assert [call.path.split("?")[0] for call in sandbox.requests if "captions" in call.path] == [
        "/youtube/v3/captions",
        "/youtube/v3/captions/v0-captions-0",
    ]
    night(sandbox, memory, oauth=CONSENT)
    assert calls(sandbox) == OWNERS


def test_a_few_captions_a_night_the_newest_first(serve: Any) -> None:
    """A channel's whole past would use up the day's quota: what is left is counted, and read on the next nights."""
    sandbox = serve(spoken(*range(11)))
    memory = Memory()
    read = night(sandbox, memory, oauth=CONSENT)
    assert list(captions(read)) == [f"v{n}" for n in range(8)]
    assert [note.split(" are left")[0] for note in sentences(read, "notes")] == ["The captions of 3 YouTube videos"]
    read = night(sandbox, memory, oauth=CONSENT)
    assert list(captions(read)) == ["v8", "v9", "v10"] and not sentences(read, "notes")
    read = night(sandbox, memory, oauth=CONSENT)
    assert not captions(read)


def test_the_best_track_is_taken(serve: Any) -> None:
    """English before Welsh, what somebody wrote before what a machine heard; a video without captions has none."""
    rows = channel(videos=3)
    rows[0]["captions"] = [
        {"language": "cy", "text": "Helo"},
        {"language": "en", "kind": "ASR", "text": "hallow"},
        {"language": "en-GB", "text": "Hello"},
    ]
    rows[1]["captions"] = [{"language": "en", "kind": "ASR", "text": "hallow"}]
    assert captions(list(pages(serve(rows), oauth=CONSENT))) == {"v0": "Hello", "v1": "hallow"}


@pytest.mark.parametrize(
    "answer",
    [refusal("forbidden"), refusal("captionNotFound"), Answer(200, "<html>"), Answer(200, b"\xff\0"), Answer(503)],
)
def test_captions_that_fail_are_a_note(serve: Any, answer: Answer) -> None:
    """They must not make the night partial, or the same units would be paid again and again."""
    sandbox = serve(spoken(1, 2))
    sandbox.fault("/captions/v0", answer, times=4 if answer.status == 503 else 1)
    memory = Memory()
    read = night(sandbox, memory, oauth=CONSENT)
    assert set(captions(read)) == {"v1"} and not sentences(read, "gaps")
    assert sentences(read, "notes")[0].startswith("The captions of the YouTube video v0 could not be read: ")
    again = "v0" in captions(night(sandbox, memory, oauth=CONSENT))
    assert again == (answer.status in (200, 503)), "what may pass is tried again, what is refused is not paid for again"


def test_a_quota_that_ends_at_the_captions_ends_the_pass(serve: Any) -> None:
    """What is here is landed, and the report says when to come back."""
    sandbox = serve(spoken(1))
    sandbox.fault("/captions", refusal("quotaExceeded"))
    read = []
    with pytest.raises(Refused, match="quota is used up"):
        for page in pages(sandbox, oauth=CONSENT):
            read.append(page)
    assert set(items(read)) == {"v0"}


def test_an_interrupted_pass_does_not_pay_for_captions_twice(serve: Any) -> None:
    """Its bookmark is not written yet: where it goes on must say what was read."""
    sandbox = serve(spoken(1, 2))
    first = next(pages(sandbox, oauth=CONSENT))
    sandbox.requests.clear()
    list(pages(sandbox, Window(resume=first.resume), oauth=CONSENT))
    assert "captions" not in "".join(call.path for call in sandbox.requests)


def test_a_pass_over_given_days_reads_no_captions(serve: Any) -> None:
    """It knows of no pass before it: all videos would look new."""
    sandbox = serve(spoken(1))
    assert not captions(list(pages(sandbox, Window(since=BEGIN), oauth=CONSENT)))


def test_no_secret_is_shown(serve: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the key nor the owner's tokens in an address, a log or what is landed, with everything at DEBUG."""
    sandbox = serve([*spoken(1), held("c1")])
    key = "another-key-of-nobody-4711"
    sandbox.secrets["youtube"] = key
    echo = Answer(403, f"{ACCESS_TOKEN} {key} is not allowed")
    sandbox.fault("/captions/", echo)
    sandbox.fault("likelySpam", echo)
    source = youtube.Source("channel", "youtube", {"channel_id": sandbox.channel}, key, sandbox.base_url, CONSENT)
    with caplog.at_level("DEBUG"), youtube.connect(source) as http:
        read = list(youtube.read(source, Window(), http))
        assert http.requests + 1 == len(sandbox.requests), "all but the call for the token are counted"
    shown = caplog.text + repr(read) + repr(source) + "".join(call.path for call in sandbox.requests)
    assert "moderationStatus" in caplog.text and sentences(read, "gaps")
    assert not [secret for secret in (key, KEY, ACCESS_TOKEN, "canary-client-secret-4711") if secret in shown]


def test_a_held_comment_that_cannot_be_read_is_kept(serve: Any) -> None:
    """Quarantine as data, here as well."""
    sandbox = serve(channel())
    entry = {"id": "c1", "snippet": {"videoId": "v0", "topLevelComment": "broken"}}
    answer = {"kind": "youtube#commentThreadListResponse", "items": [entry]}
    sandbox.fault("heldForReview", Answer(200, answer))
    read = list(pages(sandbox, oauth=CONSENT))
    assert [one.id for page in read for one in page.rejected] == ["c1"]


def test_a_public_comment_on_the_owners_list_stays_public(serve: Any) -> None:
    """A thread may be there for a reply that is held back: the comment itself is not hidden by that."""
    sandbox = serve([*channel(), row("c0", "comment", "v0", 1)])
    top = {"id": "c0", "snippet": {"textDisplay": "This is c0", "moderationStatus": "published"}}
    reply = {"id": "c0.r0", "snippet": {"textDisplay": "Held", "moderationStatus": "heldForReview"}}
    entry = {"id": "c0", "snippet": {"videoId": "v0", "topLevelComment": top}, "replies": {"comments": [reply]}}
    sandbox.fault("heldForReview", Answer(200, {"kind": "youtube#commentThreadListResponse", "items": [entry]}))
    memory = Memory()
    found = items(night(sandbox, memory, oauth=CONSENT))
    assert {name: item.hidden for name, item in found.items()} == {"v0": False, "c0": False, "c0.r0": True}
    memory.scheduled.add("c0")
    assert not [one for page in night(sandbox, memory, oauth=CONSENT) for one in page.gone], "nor is its reply gone"


def test_items_are_items(serve: Any) -> None:
    """A held comment has the same parts as any other."""
    found = items(list(pages(serve([*channel(), held("c1")]), oauth=CONSENT)))["c1"]
    assert isinstance(found, Item) and (found.kind, found.parent_id, found.thread_id) == ("comment", "v0", "c1")
