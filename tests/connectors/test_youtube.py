"""The YouTube connector over real HTTP: every video, comment and reply, in as few calls as can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors import youtube
from connectors.item import Item, Page
from connectors.sandbox import Answer
from connectors.sandbox.faults import Fault
from connectors.sandbox.youtube.refusals import refusal
from connectors.sandbox.youtube.resources import CHANNEL, HANDLE, UPLOADS
from connectors.source import Window
from connectors.youtube.items import video
from tests.connectors.story import BEGIN, calls, channel, connect, items, pages, row, source


def test_every_comment_of_every_page_is_read(serve: Any) -> None:
    """A comment on the second page, or on the 51st video, must not be missed; nor may a call be wasted."""
    sandbox = serve(channel(videos=60, threads=250))
    read = list(pages(sandbox))
    assert set(items(read)) == {f"v{n}" for n in range(60)} | {f"c{n}" for n in range(250)}
    assert calls(sandbox) == ["channels", *["playlistItems", "videos"] * 2, *["commentThreads"] * 3]
    assert sum(page.expected or 0 for page in read) == 310
    assert [page.resume is None for page in read] == [False] * 5 + [True]


def test_all_replies_are_read_and_only_missing_ones_asked_for(serve: Any) -> None:
    """A thread comes with five replies at most: the sixth may be the one that matters."""
    rows = channel(threads=4, replies={0: 5, 1: 6, 2: 230})
    rows[-230]["text"] = "It's <plain> \\u0000 text"
    sandbox = serve(rows)
    read = list(pages(sandbox))
    found = items(read)
    assert len([item for item in found.values() if item.kind == "reply"]) == 241
    assert calls(sandbox)[4:] == ["comments"] * 4
    assert found["c2.r0"].text == "It's <plain> \\u0000 text"
    assert (found["c2.r229"].parent_id, found["c2.r229"].thread_id) == ("c2", "c2")
    assert found["c2.r229"].url == "https://www.youtube.com/watch?v=v0&lc=c2.r229"
    assert sum(page.expected or 0 for page in read) == len(found)


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what, when, in answer to what, and where to see it."""
    rows = [*channel(), row("c0", "comment", "v0", 3, text="It's <b>me</b>\nagain")]
    rows[0]["text"] = "Online therapy\n\nWhat to ask first"
    found = items(list(pages(serve(rows))))
    video, comment = found["v0"], found["c0"]
    assert (video.kind, video.text, video.thread_id) == ("post", "Online therapy\n\nWhat to ask first", "v0")
    assert video.url == "https://www.youtube.com/watch?v=v0"
    assert (comment.kind, comment.text) == ("comment", "It's <b>me</b>\nagain")
    assert (comment.parent_id, comment.thread_id) == ("v0", "c0")
    assert (comment.author_id, comment.author_name, comment.author_handle) == ("UCc0", "@c0", "@c0")
    assert (comment.created_at, comment.edited_at) == (BEGIN + timedelta(minutes=3), None)
    assert comment.raw["snippet"]["topLevelComment"]["id"] == "c0"


def test_an_edit_and_a_deletion_show_on_the_next_night(serve: Any) -> None:
    """What was taken back or changed after the first night must not look as if it were still there."""
    edited = row("c0", "comment", "v0", 1, edits=[{"at": "2026-10-05T12:00:00Z", "text": "Changed"}])
    deleted = row("c1", "comment", "v0", 2, deleted="2026-10-05T12:00:00Z", restored="2026-10-07T12:00:00Z")
    sandbox = serve([*channel(), edited, deleted, row("c1.r0", "reply", "c1", 3)])
    nights = {}
    for day in (3, 6, 8):
        sandbox.at(BEGIN.date().replace(day=day))
        nights[day] = items(list(pages(sandbox)))
    assert nights[3]["c0"].text == "This is c0" and nights[3]["c0"].edited_at is None
    assert nights[6]["c0"].text == "Changed" and str(nights[6]["c0"].edited_at) == "2026-10-05 12:00:00+00:00"
    assert [set(night) for night in nights.values()] == [{"v0", "c0", "c1", "c1.r0"}, {"v0", "c0"}, set(nights[3])]


def test_a_removed_account_is_no_obstacle(serve: Any) -> None:
    """The comment of somebody whose account is gone is still on our page."""
    removed = {"id": None, "name": "Somebody Gone", "handle": None}
    found = items(list(pages(serve([*channel(), row("c0", "comment", "v0", 1, author=removed)]))))
    assert (found["c0"].author_id, found["c0"].author_name, found["c0"].author_handle) == (None, "Somebody Gone", None)


def test_reading_stops_at_threads_older_than_the_window(serve: Any) -> None:
    """A nightly pass must cost a few calls, not the channel's whole past; equal times must not be cut in two."""
    sandbox = serve(channel(threads=450, replies={5: 20}))
    read = list(pages(sandbox, Window(since=BEGIN + timedelta(minutes=290))))
    assert {item.id for page in read for item in page.items if item.kind == "comment"} == {
        f"c{n}" for n in range(290, 450)
    }
    assert calls(sandbox) == ["channels", "playlistItems", "videos", *["commentThreads"] * 2]
    assert read[-1].resume is None


def test_the_window_has_an_end_as_well(serve: Any) -> None:
    """`--until` reads what was begun before it."""
    sandbox = serve(channel(threads=10))
    window = Window(since=BEGIN + timedelta(minutes=2), until=BEGIN + timedelta(minutes=4))
    assert [name for name in items(list(pages(sandbox, window))) if name.startswith("c")] == ["c4", "c3", "c2"]


def test_an_interrupted_pass_goes_on_where_it_was(serve: Any) -> None:
    """A night that is cut off must not begin again at the newest comment, and must not skip a page."""
    sandbox = serve(channel(threads=250))
    whole = pages(sandbox)
    first = [next(whole), next(whole)]
    whole.close()
    rest = list(pages(sandbox, Window(resume=first[-1].resume)))
    threads = [item.id for page in first + rest for item in page.items if item.kind == "comment"]
    assert sorted(threads) == sorted(f"c{n}" for n in range(250))
    assert calls(sandbox).count("commentThreads") == 3


def test_an_interruption_among_the_videos_keeps_the_place_among_the_threads(serve: Any) -> None:
    """Twice interrupted is still not begun again."""
    sandbox = serve(channel(threads=250))
    whole = pages(sandbox)
    resume = [next(whole), next(whole)][-1].resume
    again = pages(sandbox, Window(resume=resume))
    assert next(again).resume == resume


def test_a_place_that_youtube_forgot_means_from_the_newest(serve: Any) -> None:
    """Page tokens die: a pass that is gone on with too late must still read everything."""
    sandbox = serve(channel(threads=150))
    read = list(pages(sandbox, Window(resume={"page_token": "bm90IGEgdG9rZW4="})))
    assert len(items(read)) == 151 and not any(page.gaps for page in read)


def test_one_broken_comment_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept with its bytes, and the rest goes on."""
    sandbox = serve(channel(threads=3))
    good = sandbox_answer(
        sandbox, "commentThreads?part=snippet,replies&allThreadsRelatedToChannelId=" + sandbox.channel
    )
    textless, timeless, nameless, halved, nul = (thread_like(good["items"][0], f"x{n}") for n in range(5))
    nul["snippet"]["topLevelComment"]["snippet"]["textDisplay"] = "cut\0here"
    del textless["snippet"]["topLevelComment"]["snippet"]["textDisplay"]
    timeless["snippet"]["topLevelComment"]["snippet"]["publishedAt"] = "yesterday"
    del nameless["id"]
    halved["snippet"]["topLevelComment"]["snippet"]["textDisplay"] = "half an emoji \ud83d"
    good["items"][1:1] = [textless, timeless, nameless, halved, nul, None, "words", {"id": "x9"}]
    sandbox.fault("/commentThreads", Answer(200, good))
    read = list(pages(sandbox))
    assert set(items(read)) == {"v0", "c0", "c1", "c2"}
    reasons = [one.reason for page in read for one in page.rejected]
    for words in ("no text", "not a time", "no id", "half a character", "a NUL character"):
        assert words in " ".join(reasons)
    assert len(reasons) == 8
    assert b'"half an emoji \\ud83d"' in b"".join(one.raw for page in read for one in page.rejected)


def test_replies_of_a_broken_thread_are_read(serve: Any) -> None:
    """A broken opening comment must not hide what was answered to it."""
    sandbox = serve(channel(threads=1, replies={0: 8}))
    answer = sandbox_answer(
        sandbox, "commentThreads?part=snippet,replies&allThreadsRelatedToChannelId=" + sandbox.channel
    )
    answer["items"][0]["snippet"]["topLevelComment"] = "broken"
    sandbox.fault("/commentThreads", Answer(200, answer))
    read = list(pages(sandbox))
    assert set(items(read)) == {"v0"} | {f"c0.r{n}" for n in range(8)}
    assert sum(len(page.rejected) for page in read) == 1


def test_a_thread_that_does_not_count_its_replies_is_asked(serve: Any) -> None:
    """A missing counter must not read as "no replies"."""
    sandbox = serve(channel(threads=1, replies={0: 8}))
    answer = sandbox_answer(
        sandbox, "commentThreads?part=snippet,replies&allThreadsRelatedToChannelId=" + sandbox.channel
    )
    del answer["items"][0]["snippet"]["totalReplyCount"], answer["items"][0]["replies"]
    sandbox.fault("/commentThreads", Answer(200, answer))
    assert len(items(list(pages(sandbox)))) == 10


def test_a_video_that_the_channel_does_not_list_is_fetched(serve: Any) -> None:
    """A comment on an unlisted video must be judged beside what it answers."""
    sandbox = serve(channel(videos=2, threads=2))
    answer = sandbox_answer(sandbox, "playlistItems?part=snippet,contentDetails&playlistId=UU" + sandbox.channel[2:])
    answer["items"] = answer["items"][:1]
    sandbox.fault("/playlistItems", Answer(200, answer))
    assert set(items(list(pages(sandbox)))) == {"v0", "v1", "c0", "c1"}
    assert calls(sandbox) == ["channels", "playlistItems", "videos", "commentThreads", "videos"]


def test_a_channel_without_videos_is_no_error(serve: Any) -> None:
    """A new channel has no list of uploads: YouTube answers 404, and there is nothing to report."""
    read = list(pages(serve([])))
    assert not items(read) and not [gap for page in read for gap in page.gaps]


def test_a_video_with_comments_off_says_nothing_of_the_others(serve: Any) -> None:
    """One quiet video on the channel must not make the source unread."""
    rows = channel(videos=2, threads=1)
    rows[1]["comments_disabled"] = True
    assert set(items(list(pages(serve(rows))))) == {"v0", "v1", "c0"}


def test_private_and_deleted_videos_are_left_out(serve: Any) -> None:
    """A place-holder is no text of anybody's."""
    sandbox = serve(channel(videos=2))
    answer = sandbox_answer(sandbox, "playlistItems?part=snippet,contentDetails&playlistId=UU" + sandbox.channel[2:])
    answer["items"][1]["snippet"] |= {"title": "Private video", "thumbnails": {}}
    sandbox.fault("/playlistItems", Answer(200, answer))
    read = list(pages(sandbox))
    assert set(items(read)) == {"v0"} and sum(page.expected or 0 for page in read) == 1


def test_pages_are_handed_on_as_they_come(serve: Any) -> None:
    """What was read before a breakdown must already be landed."""
    sandbox = serve(channel(threads=250))
    reading = pages(sandbox)
    assert isinstance(next(reading), Page)
    assert calls(sandbox) == ["channels", "playlistItems", "videos"]


def test_requests_are_counted(serve: Any) -> None:
    """Coverage says what a pass cost of the day's quota, repeated calls included."""
    sandbox = serve(channel(threads=2))
    sandbox.fault("/commentThreads", refusal("backendError"))
    with connect(sandbox) as http:
        list(youtube.read(source(sandbox), Window(), http))
        assert http.requests == len(sandbox.requests) == 5


def sandbox_answer(sandbox: Any, path: str) -> dict[str, Any]:
    """What the sandbox would answer to an honest call, to be broken by the test."""
    with connect(sandbox) as http:
        answer = http.request("GET", f"{youtube.HOST}/youtube/v3/{path}&textFormat=plainText&maxResults=50").json()
    sandbox.requests.clear()
    return answer


def thread_like(thread: dict[str, Any], name: str) -> dict[str, Any]:
    """A copy of a thread under another id."""
    top = thread["snippet"]["topLevelComment"]
    copy = {**top, "id": name, "snippet": dict(top["snippet"])}
    return {**thread, "id": name, "snippet": {**thread["snippet"], "topLevelComment": copy}}


def test_our_videos_have_our_handle_and_others_have_none(serve: Any) -> None:
    """Without it what ACTO says in its own videos would be judged as the words of a member of the public."""
    rows = [*channel(videos=2, threads=1), row("v9", "post", None, 0, unlisted=True), row("c9", "comment", "v9", 200)]
    found = items(list(pages(serve(rows))))
    assert {name: found[name].author_handle for name in ("v0", "v1", "v9")} == dict.fromkeys(("v0", "v1", "v9"), HANDLE)
    theirs = {"id": "v8", "snippet": {"title": "About ACTO", "channelId": "UCother", "channelTitle": "ACTO"}}
    other = video(theirs, {CHANNEL: HANDLE})
    assert isinstance(other, Item) and (other.author_name, other.author_handle) == ("ACTO", None)


@pytest.mark.parametrize("named", [{}, {"customUrl": "ACTOvideo"}, {"customUrl": "@a\0"}, {"customUrl": 7}])
def test_a_channel_without_a_handle_is_read_without(serve: Any, named: dict[str, Any]) -> None:
    """An old address is no handle, and may be another's; the videos are there all the same."""
    sandbox = serve(channel(videos=1))
    uploads = {"relatedPlaylists": {"uploads": UPLOADS}}
    told = {"kind": "youtube#channelListResponse", "items": [{"snippet": named, "contentDetails": uploads}]}
    sandbox.faults.add(Fault("/channels", Answer(body=told)))
    assert items(list(pages(sandbox)))["v0"].author_handle is None


def test_a_video_on_a_list_is_the_same_without_its_kind() -> None:
    """YouTube may leave `kind` out: the id of the list's entry would make every video a second one."""
    entry = {
        "id": "UExfYQ",
        "snippet": {"title": "Hello", "resourceId": {"videoId": "v0"}},
    }
    found = video(entry, {})
    assert isinstance(found, Item) and found.id == "v0"
