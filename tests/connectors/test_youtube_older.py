"""YouTube's older threads: a new reply moves none of them, so they are found by counters and by the schedule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.item import Gone, Item, Listed, Page
from connectors.sandbox import END, Answer, Sandbox
from connectors.sandbox.youtube import least_calls
from connectors.sandbox.youtube.refusals import refusal
from connectors.source import Window
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN, Row, calls, channel, items, night, pages, row

EVENING = datetime(2026, 10, 20, 20, tzinfo=UTC)
QUIET = ["channels", "playlistItems", "videos", "commentThreads"]


def later(rows: list[Row], *more: Row) -> list[Row]:
    """A story to which `more` is added on EVENING."""
    return [*rows, *({**one, "posted": EVENING.isoformat()} for one in more)]


def first_night(sandbox: Sandbox, *scheduled: str) -> Memory:
    """What is known after a pass over the whole channel, before EVENING; from then on `scheduled` threads are due."""
    memory = Memory()
    sandbox.at(EVENING - timedelta(hours=1))
    night(sandbox, memory)
    memory.scheduled |= set(scheduled)
    sandbox.at(EVENING + timedelta(hours=1))
    return memory


def gone(read: Iterable[Page]) -> list[Gone]:
    return [one for page in read for one in page.gone]


def threads_read(read: Iterable[Page]) -> dict[str, int | None]:
    return {one.id: one.counted for page in read for one in page.threads}


def listed(read: Iterable[Page]) -> list[Listed]:
    return [one for page in read for one in page.listed]


def ids_asked(sandbox: Sandbox) -> list[int]:
    """How many threads each call for threads by id named (its two parts have a comma too)."""
    return [
        call.path.count("%2C") for call in sandbox.requests if "/commentThreads" in call.path and "&id=" in call.path
    ]


def test_a_reply_to_an_old_thread_shows_the_same_night(serve: Any) -> None:
    """A thread of last year that somebody answers today stays where it is in the list: only the counter gives it away."""
    sandbox = serve(later(channel(threads=250), row("c0.r0", "reply", "c0", 0)))
    memory = first_night(sandbox)
    read = night(sandbox, memory, EVENING)
    assert "c0.r0" in items(read)
    assert calls(sandbox) == [*QUIET, *["commentThreads"] * 3]
    assert threads_read(read)["v0"] == 251 and threads_read(read)["c0"] == 1
    night(sandbox, memory, EVENING)
    assert calls(sandbox) == QUIET, "what was found once is looked for no more"


def test_the_search_ends_where_the_counter_is_explained(serve: Any) -> None:
    """One reply must not cost a walk over all threads of a busy video."""
    sandbox = serve(later(channel(threads=450), row("c340.r0", "reply", "c340", 0)))
    memory = first_night(sandbox)
    assert "c340.r0" in items(night(sandbox, memory, EVENING))
    assert calls(sandbox) == [*QUIET, *["commentThreads"] * 2]


def test_what_the_list_explains_costs_nothing_more(serve: Any) -> None:
    """New comments and replies to them change the counters as well; on a quiet night nothing does."""
    new = [row("c900", "comment", "v0", 0), row("c900.r0", "reply", "c900", 0), row("c249.r0", "reply", "c249", 0)]
    sandbox = serve(later(channel(threads=250), *new))
    memory = first_night(sandbox)
    assert {"c900", "c900.r0", "c249.r0"} <= set(items(night(sandbox, memory, BEGIN + timedelta(minutes=240))))
    assert calls(sandbox) == QUIET
    night(sandbox, memory, EVENING)
    assert calls(sandbox) == QUIET


def test_a_page_that_is_here_is_used_beyond_the_window(serve: Any) -> None:
    """A small channel fits on one page: nothing on it needs to be asked for again."""
    sandbox = serve(later(channel(threads=50), row("c0.r0", "reply", "c0", 0)))
    memory = first_night(sandbox, "c0", "c1")
    assert "c0.r0" in items(night(sandbox, memory, EVENING))
    assert calls(sandbox) == QUIET


def test_a_pass_over_given_days_keeps_to_them(serve: Any) -> None:
    """`--since` asks for what began then: neither older threads nor counters belong to it."""
    sandbox = serve(later(channel(threads=250), row("c0.r0", "reply", "c0", 0)))
    memory = first_night(sandbox)
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(since=BEGIN + timedelta(minutes=245), known=memory)))
    assert {name for name in items(read) if name.startswith("c")} == {f"c{n}" for n in range(245, 250)}
    assert calls(sandbox) == QUIET


def test_threads_that_the_schedule_wants_are_asked_for_fifty_at_once(serve: Any) -> None:
    """A call for each thread would use up the day's quota on a busy channel."""
    rows = channel(threads=250, replies={7: 9})
    rows[1]["text"] = "It's <plain>"
    sandbox = serve(rows)
    memory = first_night(sandbox, "v0", *(f"c{n}" for n in range(60)))
    memory.counted["c7"] = None
    read = night(sandbox, memory, EVENING)
    assert {f"c{n}" for n in range(60)} | {f"c7.r{n}" for n in range(9)} <= set(items(read))
    assert ids_asked(sandbox) == [50, 12], "with each one that was just shown"
    assert threads_read(read)["c7"] == 9 and not gone(read)
    assert items(read)["c0"].text == "It's <plain>"


def test_an_old_thread_that_is_gone_is_told(serve: Any) -> None:
    """What was deleted long ago must not be kept for ever, nor what answered it; asked for by its id, YouTube says so."""
    rows = channel(threads=250, replies={5: 2})
    rows[1 + 5]["deleted"] = EVENING.isoformat()
    sandbox = serve(rows)
    memory = first_night(sandbox, "c4", "c5")
    # The counter alone would find it too.
    memory.bookmark = {**(memory.bookmark or {}), "counted": {"v0": 249}}
    read = night(sandbox, memory, EVENING)
    assert gone(read) == [Gone("c5")] and "c4" in items(read)
    assert threads_read(read)["c5"] == 0, "or its replies would stay, each with a link that leads nowhere"
    night(sandbox, memory, EVENING)
    assert ids_asked(sandbox) == [2], "what is gone is not asked for again"


def test_an_answer_with_nothing_in_it_tells_nothing(serve: Any) -> None:
    """An empty list for ids that were there may be YouTube's failure: nobody has deleted everything at once."""
    rows = channel(threads=250, replies={249: 3})
    rows[-1]["deleted"] = EVENING.isoformat()
    sandbox = serve(rows)
    memory = first_night(sandbox, "c4", "c5", "c249")
    for path, kind in (("/commentThreads.*&id=", "commentThread"), (r"/comments\?.*&id=", "comment")):
        sandbox.fault(path, Answer(200, {"kind": f"youtube#{kind}ListResponse", "items": []}), times=None)
    assert not gone(night(sandbox, memory, EVENING))
    assert calls(sandbox) == [*QUIET, "comments", "commentThreads"], "both were asked"


def test_a_list_with_nothing_in_it_is_not_believed(serve: Any) -> None:
    """Where something was known, an empty first page is more likely YouTube's failure than that all is deleted."""
    sandbox = serve(channel(threads=50))
    memory = first_night(sandbox)
    sandbox.fault("/commentThreads", Answer(200, {"kind": "youtube#commentThreadListResponse", "items": []}))
    read = night(sandbox, memory)
    assert [one.kinds for one in listed(read)] == [("post",)] and not gone(read)


def test_a_thread_with_something_nameless_is_not_read(serve: Any) -> None:
    """It may be the very reply that seems to be missing."""
    sandbox = serve(channel(threads=1, replies={0: 1}))
    memory = first_night(sandbox, "c0")
    top = {"id": "c0", "snippet": {"textDisplay": "This is c0"}}
    entry = {"id": "c0", "snippet": {"videoId": "v0", "topLevelComment": top, "totalReplyCount": 1}}
    answer = {"kind": "youtube#commentThreadListResponse", "items": [entry | {"replies": {"comments": [{}]}}]}
    sandbox.fault("/commentThreads", Answer(200, answer))
    read = night(sandbox, memory)
    assert "c0" in items(read) and "c0" not in threads_read(read) and not gone(read)


def test_ids_that_no_call_can_name_are_left_alone(serve: Any) -> None:
    """What was imported from a file may have any id: a comma in one would make YouTube say that it is gone."""
    sandbox = serve(channel(threads=250))
    names = ("c1,c2", "row 17", "é")
    memory = first_night(sandbox, *names)
    memory.items |= {name: Item("youtube", name, "comment", "From a file", thread_id=name) for name in names}
    assert not gone(night(sandbox, memory, EVENING)) and calls(sandbox) == QUIET


def test_a_reply_that_is_gone_is_told_from_one_that_the_list_forgot(serve: Any) -> None:
    """YouTube's lists leave out what is there: asked for by its id, it says which it is."""
    rows = channel(threads=2, replies={0: 7, 1: 3})
    rows[-1]["deleted"] = rows[-5]["deleted"] = EVENING.isoformat()
    rows[3]["text"] = "It's <plain>"
    deleted = [rows[-1]["id"], rows[-5]["id"]]
    sandbox = serve(rows)
    memory = first_night(sandbox, "c0", "c1")
    answer = {"kind": "youtube#commentListResponse", "items": []}
    sandbox.fault("/comments.*parentId=c0", Answer(200, answer))
    read = night(sandbox, memory)
    assert sorted(one.id for one in gone(read)) == sorted(deleted)
    assert {f"c0.r{n}" for n in range(7)} - set(deleted) <= set(items(read))
    assert items(read)["c0.r0"].text == "It's <plain>"
    assert calls(sandbox) == [*QUIET, "comments", "comments"], "one call for all that the page misses"


def test_a_thread_of_seven_replies_is_read_whole_and_not_again(serve: Any) -> None:
    """It comes with five of them. Once read it is left alone until its counter, or the schedule, says otherwise."""
    sandbox = serve(later(channel(threads=3, replies={1: 7}), row("c1.r7", "reply", "c1", 0)))
    memory = Memory()
    sandbox.at(EVENING - timedelta(hours=1))
    read = night(sandbox, memory)
    assert len(items(read)) == 1 + 3 + 7 and threads_read(read)["c1"] == 7
    read = night(sandbox, memory)
    assert calls(sandbox) == QUIET and "c1" not in threads_read(read)
    assert sum(page.expected or 0 for page in read) == len(items(read)) == 1 + 3 + 5
    sandbox.at(EVENING + timedelta(hours=1))
    read = night(sandbox, memory)
    assert calls(sandbox) == [*QUIET, "comments"]
    assert threads_read(read)["c1"] == 8 and "c1.r7" in items(read)


def test_replies_that_nobody_sees_are_no_change(serve: Any) -> None:
    """YouTube counts replies that it holds back: that must not cost a call each night, nor read as a deletion."""
    rows = channel(threads=2, replies={0: 3})
    rows[-1]["hidden"] = BEGIN.isoformat()
    sandbox = serve(rows)
    memory = first_night(sandbox)
    assert memory.counted["c0"] == 3 and len(memory.items) == 1 + 2 + 2
    read = night(sandbox, memory, EVENING)
    assert calls(sandbox) == QUIET and not gone(read)


def test_what_was_listed_whole_is_said_so(serve: Any) -> None:
    """Deletions are told from this: the window for comments, everything for videos; once, when the list has ended."""
    sandbox = serve(channel(threads=250))
    since = BEGIN + timedelta(minutes=100)
    read = list(pages(sandbox, Window(since=since, until=EVENING)))
    assert listed(read) == [Listed(("post",)), Listed(("comment",), since, EVENING)]
    assert [bool(page.listed) for page in read] == [True, False, True, False]


@pytest.mark.parametrize("resumed", [False, True])
def test_a_list_with_something_nameless_is_not_whole(serve: Any, resumed: bool) -> None:
    """What cannot even be named may be the very comment that seems to be missing; an interruption does not heal that."""
    sandbox = serve(channel(threads=150))
    memory = Memory()
    first = next(page for page in pages(sandbox) if any(item.kind == "comment" for item in page.items))
    sandbox.fault(
        "/commentThreads",
        Answer(
            200,
            {
                "kind": "youtube#commentThreadListResponse",
                "items": [{}],
                "nextPageToken": (first.resume or {})["page_token"],
            },
        ),
    )
    reading = pages(sandbox)
    read = [next(reading), next(reading)]
    read += list(pages(sandbox, Window(resume=read[-1].resume)) if resumed else reading)
    assert memory.remember(read) and not [one for one in listed(read) if one.kinds == ("comment",)]


def test_a_thread_with_a_gap_is_not_read(serve: Any) -> None:
    """Half of the replies must never make the other half look deleted."""
    sandbox = serve(channel(threads=3, replies={0: 150, 1: 9, 2: 5}))
    sandbox.fault("/comments.*pageToken.*parentId=c0", refusal("processingFailure"))
    sandbox.fault("/comments.*parentId=c1", refusal("commentNotFound"))
    assert threads_read(pages(sandbox)) == {"v0": 167, "c2": 5}


def test_a_video_that_is_not_listed_stays_known(serve: Any) -> None:
    """A comment led us to it once: it must not look deleted because the channel does not list it."""
    rows = channel(videos=2, threads=2)
    rows[1]["unlisted"] = True
    sandbox = serve(later(rows, row("c1.r0", "reply", "c1", 0)))
    memory = first_night(sandbox, "v1")
    read = night(sandbox, memory, EVENING)
    assert {"v1", "c1.r0"} <= set(items(read)) and not gone(read)
    assert calls(sandbox) == QUIET


@pytest.mark.parametrize(
    "answer",
    [Answer(500, {}), Answer(200, {"kind": "youtube#videoListResponse", "items": []})],
    ids=["failed", "empty"],
)
def test_a_video_that_could_not_be_asked_for_is_not_gone(serve: Any, answer: Answer) -> None:
    """YouTube's list never showed it: where its own answer fails, the list must not be held against it."""
    rows = channel(videos=2, threads=2)
    rows[1]["unlisted"] = True
    sandbox = serve(rows)
    memory = first_night(sandbox, "v1")
    assert Listed(("post",)) in listed(night(sandbox, memory, EVENING))
    sandbox.fault("/videos", answer, times=None)
    read = night(sandbox, memory, EVENING)
    assert Listed(("post",)) not in listed(read) and not gone(read)


@pytest.mark.parametrize("more", [{"items": [{"id": "c249"}, {"id": "c248"}]}, {"items": [], "nextPageToken": "2"}])
def test_an_answer_to_another_question_tells_nothing_gone(serve: Any, more: dict[str, Any]) -> None:
    """Whoever ignores the ids asked for, or sends a part of them, has not said that the others are deleted."""
    sandbox = serve(channel(threads=250))
    memory = first_night(sandbox, "c0", "c1")
    sandbox.fault("/commentThreads.*id=c", Answer(200, {"kind": "youtube#commentThreadListResponse"} | more))
    read = night(sandbox, memory, EVENING)
    assert not gone(read) and [gap for page in read for gap in page.gaps]


def test_a_list_without_what_was_just_shown_tells_nothing_gone(serve: Any) -> None:
    """An answer that leaves out the video that the channel lists leaves out others as well."""
    rows = channel(videos=2, threads=2)
    rows[1]["unlisted"] = True
    sandbox = serve(rows)
    memory = first_night(sandbox, "v1")
    memory.bookmark = {"counted": {"v0": 1, "v1": 1, "v9": 1}}
    video = {"id": "v1", "snippet": {"title": "One"}}
    sandbox.fault("/videos", Answer(200, {"kind": "youtube#videoListResponse", "items": [video]}))
    read = night(sandbox, memory, EVENING)
    assert not gone(read) and Listed(("post",)) not in listed(read)


def test_no_comments_at_all_where_some_were_is_not_green(serve: Any) -> None:
    """The videos are still there, so the night looks read; but nobody would know that the comments were not."""
    sandbox = serve(channel(threads=4))
    memory = first_night(sandbox)
    empty = Answer(200, {"kind": "youtube#commentThreadListResponse", "items": []})
    sandbox.fault("/commentThreads", empty, times=None)
    read = night(sandbox, memory, EVENING)
    assert "although there were some" in " ".join(gap for page in read for gap in page.gaps)
    assert not gone(read) and {one.kinds for one in listed(read)} == {("post",)}


def test_the_last_comment_deleted_is_told(serve: Any) -> None:
    """Where the counters of the videos say the same, an empty list is believed."""
    rows = channel(threads=1)
    rows[1]["deleted"] = EVENING.isoformat()
    sandbox = serve(rows)
    memory = first_night(sandbox)
    read = night(sandbox, memory, EVENING - timedelta(days=30))
    assert not [gap for page in read for gap in page.gaps]
    assert ("comment",) in {one.kinds for one in listed(read)}


def test_a_video_that_is_not_listed_is_not_taken_for_a_thread(serve: Any) -> None:
    """After a pass that was broken off nobody remembers that it is one: the schedule names it among the threads."""
    rows = [
        *channel(videos=1, threads=250),
        row("v9", "post", None, -9, unlisted=True),
        row("c900", "comment", "v9", -1),
    ]
    sandbox = serve(rows)
    memory = first_night(sandbox, "v9", "c900")
    memory.bookmark = {"counted": {"v0": 250}}
    read = night(sandbox, memory, EVENING)
    assert {"v9", "c900"} <= set(items(read)) and not gone(read)
    memory.bookmark = None
    assert Listed(("post",)) not in listed(night(sandbox, memory, EVENING)), "nor can all be said to be listed"


def test_a_video_made_private_is_gone(serve: Any) -> None:
    """Nobody sees it any more, and asked for by its id YouTube does not show it."""
    rows = channel(videos=2, threads=4)
    rows[0]["hidden"] = EVENING.isoformat()
    sandbox = serve(rows)
    memory = first_night(sandbox, "c0", "c1", "c2")
    read = night(sandbox, memory, EVENING)
    assert {one.id for one in gone(read)} == {"v0", "c0", "c2"}
    assert calls(sandbox)[:4] == QUIET


def test_comments_turned_off_on_one_video_are_normal(serve: Any) -> None:
    """Its counter vanishes, and where YouTube still has one it is a note, not a gap."""
    rows = later(channel(threads=250), row("c0.r0", "reply", "c0", 0))
    sandbox = serve(rows)
    memory = first_night(sandbox)
    sandbox.fault("/commentThreads.*videoId", refusal("commentsDisabled"))
    read = night(sandbox, memory, EVENING)
    assert not [gap for page in read for gap in page.gaps]
    assert [note for page in read for note in page.notes] == [
        "The comments on the YouTube video v0 were not read: comments are turned off there."
    ]


def test_a_failure_on_one_video_is_a_gap_and_not_hammered(serve: Any) -> None:
    """The others are read all the same."""
    more = [row(f"c{n}.r0", "reply", f"c{n}", 0) for n in range(2)]
    sandbox = serve(later(channel(videos=2, threads=250), *more))
    memory = first_night(sandbox)
    sandbox.fault("/commentThreads.*videoId=v0", refusal("processingFailure"), times=None)
    read = night(sandbox, memory, EVENING)
    assert "c1.r0" in items(read) and calls(sandbox) == [*QUIET, *["commentThreads"] * 3]
    assert [gap.split(" could")[0] for page in read for gap in page.gaps] == ["The comments on the YouTube video v0"]


def test_a_pass_broken_off_among_older_threads_goes_on_there(serve: Any) -> None:
    """The list is not walked again, and what had not been read is."""
    sandbox = serve(later(channel(threads=250), row("c0.r0", "reply", "c0", 0)))
    memory = first_night(sandbox, "c1")
    window = Window(since=EVENING, known=memory, bookmark=memory.bookmark)
    reading = pages(sandbox, window)
    read = [next(reading), next(reading)]
    assert read[-1].listed
    reading.close()
    sandbox.requests.clear()
    rest = list(pages(sandbox, Window(EVENING, known=memory, bookmark=memory.bookmark, resume=read[-1].resume)))
    assert {"c0.r0", "c1"} <= set(items(rest)) and not listed(rest[1:])
    assert not [call for call in sandbox.requests if "allThreads" in call.path]


@pytest.mark.parametrize("page_size_reached", [30, 3])
def test_a_month_of_nights_costs_little_more_than_it_must(page_size_reached: int) -> None:
    """The quota of a day, and the nights' length: at most a fifth more calls than the least that could do, and at the end
    every comment that a full reading finds, with its edits; what is gone is told.
    """
    with Sandbox() as sandbox:
        memory, made, least = Memory(), 0, 0
        for nights in range(28, -1, -1):
            sandbox.rewind(nights=nights)
            now = END - timedelta(days=nights)
            active = [
                item for item in memory.items.values() if item.created_at and item.created_at > now - timedelta(days=7)
            ]
            memory.scheduled = {item.thread_id or item.id for item in active}
            changed = {name for name in memory.scheduled if not name.startswith("v")}
            since = now - timedelta(days=page_size_reached) if memory.bookmark else None
            night(sandbox, memory, since)
            made += len(sandbox.requests)
            least += least_calls(sandbox.world.presence("youtube"), since, changed)
        whole = items(list(pages(sandbox)))
        shown = {name: memory.items[name].text for name in whole}
        assert shown == {name: item.text for name, item in whole.items()}
        assert made <= 1.2 * least, (made, least)


def test_the_count_of_least_calls_is_reached_by_a_first_night(serve: Any) -> None:
    """The measure of the tests above: what it promises can be done."""
    sandbox = serve(channel(videos=60, threads=250, replies={0: 5, 1: 6, 2: 230}))
    sandbox.requests.clear()
    list(pages(sandbox))
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("youtube"), None, ()) == 1 + 4 + 3 + 4
