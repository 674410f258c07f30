"""The Instagram connector over real HTTP: every post, comment, reply and tag, in as few calls as can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors import instagram
from connectors.instagram.items import COMMENT
from connectors.item import Media
from connectors.sandbox import Answer, Sandbox
from connectors.sandbox.instagram import USER, least_calls
from connectors.source import Window
from tests.connectors.instagram_story import (
    account,
    after,
    connect,
    gaps,
    listed,
    notes,
    pages,
    paths,
    row,
    source,
    whole,
)
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN, items


def least(sandbox: Sandbox, since: Any, *due: str) -> int:
    return least_calls(sandbox.world.presence("instagram"), since, due)


def test_everything_is_read_in_the_fewest_calls(serve: Any) -> None:
    """A comment on the second page, a 51st reply or the 101st post must not be missed; nor may a call be wasted."""
    busy = [row(f"x{n}", "comment", "p7", n) for n in range(130)]
    sandbox = serve([*account(posts=120, comments=700, replies={0: 3, 1: 49, 2: 51, 3: 180}, tags=130), *busy])
    sandbox.at(after(1000))
    read = list(pages(sandbox))
    found = items(read)
    assert len(found) == 120 + 700 + 130 + 283 + 130
    assert len(sandbox.requests) == least(sandbox, None, *(f"p{n}" for n in range(120))) == 1 + 2 + 2 + 122 + 1 + 3
    assert set(whole(read)) == {f"p{n}" for n in range(120)} | {f"t{n}" for n in range(130)}
    assert listed(read) == {"post", "mention"} and not gaps(read) and not notes(read)
    assert [page.resume is None for page in read] == [False] * (len(read) - 1) + [True]


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what, when, in answer to what, where to see it, and what the pictures show."""
    rows = account(comments=1, replies={0: 1}, tags=1)
    rows[0] |= {"media": [{"alt_text": "A laptop on a desk"}, {"type": "VIDEO"}], "text": "Ask us 💚\nanything"}
    found = items(list(pages(serve(rows))))
    post, comment, reply, tag = (found[name] for name in ("p0", "c0", "c0r0", "t0"))
    assert (post.kind, post.text, post.thread_id, post.parent_id) == ("post", "Ask us 💚\nanything", "p0", None)
    assert (post.author_id, post.author_handle) == (USER, "acto_online")
    assert post.media == (
        Media("image", "https://www.instagram.com/p/Cp01/", "A laptop on a desk"),
        Media("video", "https://www.instagram.com/p/Cp02/", None),
    )
    assert (comment.kind, comment.text, comment.parent_id, comment.thread_id) == ("comment", "This is c0", "p0", "p0")
    assert (comment.author_id, comment.author_name, comment.author_handle) == ("9c0", "c0_writes", "c0_writes")
    assert (comment.created_at, comment.edited_at, comment.hidden) == (BEGIN, None, False)
    assert comment.url == post.url == "https://www.instagram.com/p/Cp0/"
    assert (reply.kind, reply.parent_id, reply.thread_id) == ("reply", "c0", "p0")
    assert (tag.kind, tag.thread_id, tag.author_handle) == ("mention", "t0", "t0_writes")
    assert "replies" not in comment.raw and comment.raw["like_count"] == 0


def test_a_post_without_words_is_a_post(serve: Any) -> None:
    """A caption may be absent: the comments under such a post matter all the same."""
    rows = account(comments=1)
    rows[0]["text"] = ""
    assert items(list(pages(serve(rows))))["p0"].text == ""


def test_the_same_post_is_the_same_on_the_next_night(serve: Any) -> None:
    """The address of a picture is signed anew each time: that must not look like an edit every night."""
    sandbox = serve(account())
    first = items(list(pages(sandbox)))["p0"].media
    sandbox.rewind(nights=3)
    assert items(list(pages(sandbox)))["p0"].media == first


def test_hidden_comments_are_marked(serve: Any) -> None:
    """What the page has hidden is shown to us alone: it must not be reported as public."""
    rows = [*account(), row("c0", "comment", "p0", 1, hidden="2026-10-02T00:00:00Z")]
    assert items(list(pages(serve(rows))))["c0"].hidden


def test_a_quiet_night_costs_three_calls(serve: Any) -> None:
    """An account where nothing happens has little budget: each call of it counts."""
    sandbox, memory = serve(account(posts=90, comments=200, tags=5)), Memory()
    memory.remember(pages(sandbox))
    sandbox.requests.clear()
    read = memory.remember(pages(sandbox, Window(since=after(-30 * 1440), known=memory)))
    assert paths(sandbox) == ["me", "user/media", "user/tags"]
    assert len(sandbox.requests) == least(sandbox, after(-30 * 1440))
    assert listed(read) == {"post", "mention"} and not whole(read)
    assert len(items(read)) == 30 + 5


def test_a_changed_counter_has_the_thread_read_however_old_the_post(serve: Any) -> None:
    """A new comment on an old post is where trouble likes to hide, and the list of posts tells of it for nothing."""
    late = [row("new", "comment", "p80", 5000), row("newer", "reply", "c3", 5001)]
    sandbox, memory = serve([*account(posts=90, comments=90), *late]), Memory()
    sandbox.at(after(4000))
    memory.remember(pages(sandbox))
    sandbox.at(after(6000))
    sandbox.requests.clear()
    read = memory.remember(pages(sandbox, Window(since=after(-1440), known=memory)))
    assert paths(sandbox) == ["me", "user/media", "p3/comments", "p80/comments", "user/tags"]
    assert len(sandbox.requests) == least(sandbox, after(-1440), "p3", "p80")
    assert set(items(read)) == {"p0", "p3", "c3", "newer", "p80", "c80", "new"}
    assert whole(read) == {"p3": 2, "p80": 2}


def test_what_was_deleted_is_missing_from_a_thread_read_whole(serve: Any) -> None:
    """A comment taken back must not be reported for ever; the ones that remain must not be lost with it."""
    rows = account(comments=3)
    rows[2]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory()
    sandbox.at(BEGIN + timedelta(days=1))
    memory.remember(pages(sandbox))
    sandbox.at(BEGIN + timedelta(days=6))
    read = list(pages(sandbox, Window(known=memory)))
    assert whole(read)["p0"] == 2 and {"p0", "c0", "c2"} == set(items(read))


def test_a_due_thread_beyond_the_lists_is_read_by_its_id(serve: Any) -> None:
    """The schedule returns to posts of years ago: each must cost one call, with its first comments."""
    rows = account(posts=150, comments=150)
    rows += [row(f"x{n}", "comment", "p140", n) for n in range(60)]
    sandbox, memory = serve(rows), Memory("p140", "p145", "p20")
    memory.remember(pages(sandbox))
    sandbox.requests.clear()
    since = after(-10 * 1440)
    read = list(pages(sandbox, Window(since=since, known=memory)))
    assert paths(sandbox) == ["me", "user/media", "p20/comments", "user/tags", "p140", "p140/comments", "p145"]
    assert len(sandbox.requests) == least(sandbox, since, "p140", "p145", "p20")
    assert whole(read) == {"p20": 1, "p140": 61, "p145": 1}
    assert {"p140", "c140", "x0", "x59", "p145", "c145"} <= set(items(read))


def test_a_post_that_is_not_shown_by_its_id_is_never_called_gone(serve: Any) -> None:
    """Instagram answers the same to "deleted" and to "you may not": that is a note, no deletion."""
    rows = account(posts=150, comments=150)
    rows[140]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve(rows), Memory("p140")
    sandbox.at(BEGIN + timedelta(days=1))
    memory.remember(pages(sandbox))
    sandbox.at(BEGIN + timedelta(days=6))
    read = list(pages(sandbox, Window(since=after(-1440), known=memory)))
    assert "does not show 1 of the older posts" in " ".join(notes(read))
    assert not whole(read) and not gaps(read) and not [page for page in read if page.gone]


def test_the_window_is_kept(serve: Any) -> None:
    """`--since` and `--until` read what was posted between them, and the comments under that alone."""
    sandbox = serve(account(posts=10, comments=10, tags=10))
    window = Window(since=after(-5 * 1440), until=after(-2 * 1440))
    read = list(pages(sandbox, window))
    assert sorted(items(read)) == sorted(f"{kind}{n}" for n in (2, 3, 4) for kind in "pct")
    assert len(sandbox.requests) == 3 + 3
    assert {(one.since, one.until) for page in read for one in page.listed} == {(window.since, window.until)}


def test_an_interrupted_pass_goes_on_where_it_was(serve: Any) -> None:
    """A night that is cut off must not begin again, must not skip a page, and must not read a thread twice."""
    sandbox = serve(account(posts=103, comments=103, tags=103))
    all_of_it = set(items(list(pages(sandbox))))
    for cut in (1, 60, 102, 106, 108):
        memory = Memory()
        sandbox.requests.clear()
        reading = pages(sandbox, Window(known=memory))
        first = memory.remember([next(reading) for _ in range(cut)])
        reading.close()
        rest = memory.remember(pages(sandbox, Window(resume=first[-1].resume, known=memory)))
        seen = {item.id for page in first + rest for item in page.items}
        assert seen == all_of_it and set(memory.counted) >= {f"p{n}" for n in range(103)}, cut
        assert len([path for path in paths(sandbox) if path.endswith("/comments")]) <= 104, cut
        assert listed(first) | listed(rest) == {"post", "mention"}


def test_a_place_that_instagram_forgot_means_from_the_newest(serve: Any) -> None:
    """Cursors die: a pass that is gone on with too late must still read everything."""
    sandbox = serve(account(posts=130))
    read = list(pages(sandbox, Window(resume={"part": "posts", "token": "after=Zm9yZ290dGVu", "whole": False})))
    assert len(items(read)) == 130 and "post" in listed(read) and not gaps(read)


def test_a_gap_before_an_interruption_is_not_forgotten_after_it(serve: Any) -> None:
    """What was missed before the crash must not look deleted because the rest went well."""
    sandbox = serve(account(posts=3))
    read = list(pages(sandbox, Window(resume={"part": "posts", "token": None, "whole": False})))
    assert "post" not in listed(read)


def test_mentions_are_looked_up_by_their_ids(serve: Any) -> None:
    """Somebody names us under another's post: a notification told us the number, and the text must be judged."""
    on = {"id": "555", "caption": "My week in therapy"}
    rows = [
        *account(tags=1),
        row("111", "mention", None, 1, named=True),
        row("222", "mention", None, 2, named=True, on=on),
    ]
    sandbox, memory = serve(rows), Memory()
    given = " 111, 222,222,"
    read = memory.remember(pages(sandbox, Window(known=memory), mentions=given))
    found = items(read)
    assert paths(sandbox)[-3:] == ["user"] * 3
    assert [found[name].kind for name in ("111", "222", "t0")] == ["mention"] * 3
    assert (found["222"].parent_id, found["222"].parent_text, found["222"].thread_id) == ("555", on["caption"], "222")
    assert found["222"].author_handle == "222_writes" and found["111"].text == "This is 111"
    assert listed(read) == {"post", "mention"} and set(whole(read)) == {"p0", "t0", "111", "222"}
    sandbox.requests.clear()
    window = Window(known=memory, bookmark=memory.bookmark)
    again = list(pages(sandbox, window, mentions=given))
    assert paths(sandbox) == ["me", "user/media", "user/tags", "user", "user"], "which is which is known by now"
    assert "mention" in listed(again)
    # Taken out of acto.toml: not read any more, and not deleted for that.
    assert listed(list(pages(sandbox, window, mentions="111"))) == {"post"}
    assert listed(list(pages(sandbox, window))) == {"post"}


def test_a_mention_that_is_not_shown_is_a_note(serve: Any) -> None:
    """A mention that was deleted must not make every night's pass partial, and the reader is told what to do."""
    read = list(pages(serve(account()), mentions="333"))
    assert not gaps(read) and "take it out of mentions in acto.toml" in " ".join(notes(read))


@pytest.mark.parametrize("login", ["instagram", "facebook"])
def test_both_ways_in_read_the_same(serve: Any, login: str) -> None:
    """Whichever login the office has set up, the same is read."""
    sandbox = serve(account(posts=2, comments=5, tags=1))
    assert len(items(list(pages(sandbox, login=login)))) == 8
    assert paths(sandbox)[0] == ("me" if login == "instagram" else "user")


def test_each_way_in_has_its_own_host() -> None:
    """A token of the one is worth nothing at the other's host."""
    with Sandbox([]) as sandbox:
        for login, host in (("instagram", "https://graph.instagram.com"), ("facebook", "https://graph.facebook.com")):
            real = source(sandbox, login=login)
            with instagram.connect(type(real)(real.name, real.platform, real.keys, real.secret)) as http:
                assert http._base == host


def test_the_version_is_a_setting(serve: Any) -> None:
    """Versions live two years: the next one must not need a new program."""
    sandbox = serve(account())
    list(pages(sandbox, version="v27.0"))
    assert {call.path.split("/")[1] for call in sandbox.requests} == {"v27.0"}


def test_one_broken_entry_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept with its bytes, and the rest goes on."""
    sandbox = serve(account(posts=3, comments=3))
    with connect(sandbox) as http:
        call = "https://graph.facebook.com/v25.0/p0/comments?fields=id,text,timestamp,username"
        good = http.request("GET", call).json()
    one = good["data"][0]
    broken = [
        one | {"id": "b1", "text": None},
        one | {"id": "b2", "timestamp": "soon"},
        one | {"id": "b3", "text": "\ud83d"},
    ]
    sandbox.fault("/p0/comments", Answer(200, good | {"data": [*broken, one]}))
    nameless = {"text": "no number"}
    sandbox.fault("/p1/comments", Answer(200, good | {"data": [nameless, None, "words", one | {"id": "c1"}]}))
    read = list(pages(sandbox))
    assert set(items(read)) == {"p0", "p1", "p2", "c0", "c1", "c2"}
    rejected = [one for page in read for one in page.rejected]
    assert [one.id for one in rejected] == ["b1", "b2", "b3", None, None, None]
    assert set(whole(read)) == {"p0", "p2"}, "a comment without a number may be any: that thread is not whole"
    for words in ("no text", "not a time", "half a character", "no id"):
        assert words in " ".join(one.reason for one in rejected)


def test_replies_that_did_not_come_along_are_fetched(serve: Any) -> None:
    """An older version may send fewer replies along than there are, without an address for the rest."""
    sandbox = serve(account(comments=1, replies={0: 60}))
    sandbox.at(after(1000))
    with connect(sandbox) as http:
        answer = http.request("GET", f"https://graph.facebook.com/v25.0/p0/comments?fields={COMMENT}").json()
    del answer["data"][0]["replies"]["paging"]
    sandbox.fault("/p0/comments", Answer(200, answer))
    read = list(pages(sandbox))
    assert len(items(read)) == 62 and "p0" in whole(read)
