"""The Facebook connector over real HTTP: every post, comment, reply and recommendation, in as few calls as can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors import facebook
from connectors.facebook.items import review
from connectors.item import Item, Media
from connectors.sandbox import Answer
from connectors.sandbox.facebook import USERNAME, least_calls
from connectors.sandbox.graph.refusals import refusal
from connectors.source import Window
from tests.connectors.facebook_story import (
    BEGIN,
    PAGE,
    calls,
    comment_id,
    connect,
    gaps,
    items,
    listed,
    notes,
    page,
    pages,
    post_id,
    row,
    source,
    threads,
)
from tests.connectors.memory import Memory


def test_every_post_and_comment_of_every_page_is_read(serve: Any) -> None:
    """A post on the second page, or the 101st comment, must not be missed; nor may a call be wasted."""
    sandbox = serve(page(posts=130, comments={0: 3, 50: 230, 129: 1}))
    read = list(pages(sandbox))
    assert len(items(read)) == 130 + 3 + 230 + 1 and not gaps(read)
    assert calls(sandbox) == ["me", "feed", "comments 1129", *["comments 1050"] * 3, "feed", "comments 1000", "ratings"]
    due = {post_id(n) for n in range(130)}
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("facebook"), None, due)
    assert threads(read).keys() == due and listed(read) == [("post", None, None)]
    assert sum(one.expected or 0 for one in read) == len(items(read))
    assert [one.resume is None for one in read] == [False] * (len(read) - 1) + [True]


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what, when, in answer to what, and where to see it; ours is known by its id, not by its name."""
    ours = row(post_id(0), "post", None, 0, text="How to choose a platform")
    first = row("20000000", "comment", post_id(0), 1, text="It's <b>me</b>\nagain")
    reply = row("20000001", "reply", "20000000", 2, author=ours["author"])
    pretender = row("20000002", "comment", post_id(0), 3, author={"id": "666", "name": "ACTO", "handle": None})
    found = items(list(pages(serve([ours, first, reply, pretender]))))
    post, comment, answer = found[post_id(0)], found["20000000"], found["20000001"]
    assert (post.kind, post.text, post.thread_id) == ("post", "How to choose a platform", post_id(0))
    assert (post.author_id, post.author_name, post.author_handle) == (PAGE, "ACTO", USERNAME)
    assert (comment.kind, comment.text) == ("comment", "It's <b>me</b>\nagain")
    assert (comment.parent_id, comment.thread_id) == (post_id(0), post_id(0))
    assert (comment.author_id, comment.author_name, comment.author_handle) == ("770000", "Person 0000", None)
    assert (comment.created_at, comment.edited_at) == (BEGIN + timedelta(minutes=1), None)
    assert comment.raw["id"] == "1000_20000000" and str(comment.url).startswith("https://www.facebook.com/")
    assert (answer.kind, answer.parent_id, answer.thread_id) == ("reply", "20000000", post_id(0))
    assert answer.author_handle == USERNAME and found["20000002"].author_handle is None


def test_what_others_write_about_us_is_a_mention(serve: Any) -> None:
    """A visitor's post on our Page, and one elsewhere that tags it, are not ours, and need the Chair's eye all the more."""
    visitor = row(post_id(1), "mention", None, 1)
    tagged = row("555000111_42", "mention", None, 2)
    found = items(list(pages(serve([*page(), visitor, tagged]))))
    assert [found[name].kind for name in (post_id(0), post_id(1), "555000111_42")] == ["post", "mention", "mention"]


def test_words_and_pictures_in_all_their_places(serve: Any) -> None:
    """A story without a message, a sticker without words, an alt text: none may read as nothing, or as a broken entry."""
    story = row(post_id(0), "post", None, 0, text="", story="ACTO updated their cover photo.")
    picture = row(
        post_id(1), "post", None, 1, text="", media=[{"url": "https://x.example/1.jpg", "text": "Our stall at a fair"}]
    )
    sticker = row(
        "20000000", "comment", post_id(1), 2, text="", media=[{"url": "https://x.example/s", "type": "sticker"}]
    )
    found = items(list(pages(serve([story, picture, sticker]))))
    assert found[post_id(0)].text == "ACTO updated their cover photo."
    assert found[post_id(1)].text == ""
    assert found[post_id(1)].media == (Media("photo", "https://x.example/1.jpg", "Our stall at a fair"),)
    assert found["20000000"].text == "" and found["20000000"].media == (Media("sticker", "https://x.example/s", None),)


def test_a_comment_without_an_author_is_still_a_comment(serve: Any) -> None:
    """Facebook withholds `from` for some private profiles: what they say is on our Page all the same."""
    rows = [*page(), row("20000000", "comment", post_id(0), 1, anonymous=True)]
    comment = items(list(pages(serve(rows))))["20000000"]
    assert (comment.author_id, comment.author_name, comment.text) == (None, None, "This is 20000000")


def test_hidden_comments_are_read_and_marked(serve: Any) -> None:
    """What the Page has hidden its author still sees, and so do their friends."""
    rows = page(posts=2, comments={0: 1})
    rows[1] |= {"hidden": "2026-10-01T10:00:00Z"}
    rows[2] |= {"hidden": "2026-10-01T10:00:00Z"}
    found = items(list(pages(serve(rows))))
    assert {name for name, item in found.items() if item.hidden} == {post_id(1), comment_id(0, 0)}


def test_both_spellings_of_a_comments_id_are_one_comment(serve: Any) -> None:
    """Facebook writes 98765 and POST_98765 for the same comment: two would be two items, one of them soon "deleted"."""
    sandbox = serve(page(comments={0: 3}))
    sandbox.fault("/comments", changed(sandbox, lambda entry: entry | {"id": entry["id"].partition("_")[2]}))
    short = items(list(pages(sandbox)))
    assert short.keys() == items(list(pages(sandbox))).keys() == {post_id(0), *(comment_id(0, n) for n in range(3))}


def test_a_quiet_night_costs_three_calls(serve: Any) -> None:
    """The counters on the list say that nothing happened: no thread is asked for."""
    sandbox, memory = serve(page(posts=20, comments=dict.fromkeys(range(20), 4))), Memory()
    memory.remember(pages(sandbox))
    sandbox.requests.clear()
    read = memory.remember(pages(sandbox, Window(known=memory)))
    assert calls(sandbox) == ["me", "feed", "ratings"] and len(items(read)) == 20
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("facebook"), None, ())


def test_a_new_reply_anywhere_is_seen_by_the_counter(serve: Any) -> None:
    """New replies do not move old comments or posts: the counter of all levels is what tells."""
    late = row("20019999", "reply", comment_id(1, 0), 60 * 24 * 9)
    sandbox, memory = serve([*page(posts=3, comments={1: 5, 2: 5}), late]), Memory()
    sandbox.at(BEGIN + timedelta(days=8))
    memory.remember(pages(sandbox))
    sandbox.at(BEGIN + timedelta(days=10))
    sandbox.requests.clear()
    read = memory.remember(pages(sandbox, Window(known=memory)))
    assert "20019999" in items(read) and calls(sandbox) == ["me", "feed", "comments 1001", "ratings"]
    assert threads(read) == {post_id(1): 6}


def test_an_old_post_that_is_due_is_read_by_its_id(serve: Any) -> None:
    """Somebody comments today on a post of 200 days ago, which no list of the night reaches."""
    days = 60 * 24
    rows = [*page(posts=2, comments={0: 150}), row(post_id(9), "post", None, 195 * days)]
    rows.append(row("20009999", "comment", post_id(0), 200 * days))
    sandbox, memory = serve(rows), Memory()
    sandbox.at(BEGIN + timedelta(days=199))
    memory.remember(pages(sandbox))
    sandbox.at(BEGIN + timedelta(days=201))
    memory.scheduled.add(post_id(0))
    sandbox.requests.clear()
    since = BEGIN + timedelta(days=171)
    read = memory.remember(pages(sandbox, Window(since=since, known=memory)))
    assert "20009999" in items(read) and threads(read) == {post_id(0): 151}
    assert calls(sandbox) == ["me", "feed", *["comments 1000"] * 2, "ratings"]
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("facebook"), since, {post_id(0)})
    assert listed(read) == [("post", since, None)] and not gaps(read)


def test_an_edit_a_deletion_and_a_hiding_show_on_the_next_night(serve: Any) -> None:
    """What was changed or taken back after the first night must not look as if it were still there."""
    rows = page(posts=2, comments={0: 3, 1: 1})
    rows[0] |= {"edits": [{"at": "2026-10-05T12:00:00Z", "text": "Changed"}]}
    rows[2] |= {"deleted": "2026-10-05T12:00:00Z", "restored": "2026-10-07T12:00:00Z"}
    rows[-1] |= {"hidden": "2026-10-05T12:00:00Z"}
    sandbox, memory, nights = serve(rows), Memory(post_id(0), post_id(1)), {}
    for day in (3, 6, 8):
        sandbox.at(BEGIN.date().replace(day=day))
        read = memory.remember(pages(sandbox, Window(known=memory)))
        assert threads(read).keys() == {post_id(0), post_id(1)} and not gaps(read)
        nights[day] = items(read)
    assert nights[3][post_id(0)].text != nights[6][post_id(0)].text == "Changed"
    gone = {comment_id(0, 0), comment_id(0, 1)}
    assert nights[3].keys() - nights[6].keys() == gone and nights[8].keys() == nights[3].keys()
    assert [nights[day][comment_id(1, 0)].hidden for day in (3, 6, 8)] == [False, True, True]


def test_reading_stops_at_posts_older_than_the_window(serve: Any) -> None:
    """A nightly pass must cost a few calls, not the Page's whole past."""
    sandbox = serve(page(posts=350))
    since = BEGIN + timedelta(minutes=300)
    read = list(pages(sandbox, Window(since=since, until=BEGIN + timedelta(minutes=339))))
    assert items(read).keys() == {post_id(n) for n in range(300, 340)}
    assert calls(sandbox) == ["me", "feed", "ratings"]
    assert listed(read) == [("post", since, BEGIN + timedelta(minutes=339))]


def test_a_window_that_facebook_does_not_keep_is_kept_here(serve: Any) -> None:
    """Whether the list heeds `since` is Facebook's word: the pass must end, and be right, even if not."""
    sandbox = serve(page(posts=350))
    first, second = (list_of(sandbox, f"limit=100{after}") for after in ("", "&after=" + cursor(sandbox)))
    sandbox.fault("/feed", Answer(200, first))
    sandbox.fault("/feed", Answer(200, second))
    since = BEGIN + timedelta(minutes=260)
    read = list(pages(sandbox, Window(since=since)))
    assert items(read).keys() == {post_id(n) for n in range(260, 350)} and calls(sandbox).count("feed") == 2
    assert listed(read) == [("post", since, None)]


def test_an_interrupted_pass_goes_on_where_it_was(serve: Any) -> None:
    """A night that is cut off must not begin again at the newest post, skip a page, or read a thread twice."""
    sandbox, memory = serve(page(posts=250, comments=dict.fromkeys(range(250), 1))), Memory()
    first = []
    for one in pages(sandbox):
        first.append(one)
        if len(first) == 140:
            break
    memory.remember(first)
    rest = memory.remember(pages(sandbox, Window(resume=first[-1].resume, known=memory)))
    assert len(memory.items) == 500 and not gaps(rest)
    asked = [call for call in calls(sandbox) if call.startswith("comments")]
    assert len(asked) == len(set(asked)) == 250 and calls(sandbox).count("feed") == 4


@pytest.mark.parametrize("place", ["posts", "older", "reviews"])
def test_each_place_of_an_interruption_is_gone_on_from(serve: Any, place: str) -> None:
    """The second half of a pass has its own way on; and what the first half proved of the list is not forgotten. A thread of
    this week is due at each look: it must not seem to be missing from the list because the first half has read it.
    """
    rows = [*page(posts=120, comments={0: 1, 119: 1}), *(row(f"3{n:04}", "review", None, n) for n in range(120))]
    sandbox, memory = serve(rows), Memory(post_id(0), post_id(119))
    memory.remember(pages(sandbox))
    window = Window(since=BEGIN + timedelta(minutes=5), known=memory)
    whole = list(pages(sandbox, window))
    at = max(n for n, one in enumerate(whole) if one.resume and one.resume["part"] == place)
    sandbox.requests.clear()
    rest = list(pages(sandbox, Window(since=window.since, known=memory, resume=whole[at].resume)))
    assert place != "reviews" or calls(sandbox) == ["me", "ratings"], "only the last page was left"
    assert not gaps(rest) and "comments 1119" not in calls(sandbox)
    assert {one for read in (whole[: at + 1], rest) for one in listed(read)} == set(listed(whole))
    assert {name for read in (whole[: at + 1], rest) for name in items(read)} == set(items(whole))


def test_a_cursor_that_facebook_forgot_means_from_the_newest(serve: Any) -> None:
    """Cursors die within days: a pass that is gone on with too late must still read everything."""
    sandbox = serve([*page(posts=150), *(row(f"3{n:04}", "review", None, n) for n in range(120))])
    for part in ("posts", "reviews"):
        read = list(pages(sandbox, Window(resume={"part": part, "token": "after=bm90IG9uZQ"})))
        assert len(items(read)) == {"posts": 270, "reviews": 120}[part] and not gaps(read) and not notes(read)


def test_a_cursor_that_dies_on_the_way_gives_nothing_twice(serve: Any) -> None:
    """The post that it stands for was deleted: the list is walked again, what was handed on is not."""
    sandbox = serve(page(posts=150))
    sandbox.fault("/feed.*after=", refusal("bad_cursor"))
    read = list(pages(sandbox))
    assert len(items(read)) == 150 and calls(sandbox).count("feed") == 4 and not gaps(read)


def test_a_post_is_seen_on_facebook_and_nowhere_else(serve: Any) -> None:
    """The address goes into the report: nothing but Facebook's own may stand there."""
    sandbox = serve(page(comments={0: 2}))
    sandbox.fault("/comments", changed(sandbox, lambda entry: entry | {"permalink_url": "javascript:alert(1)"}))
    assert items(list(pages(sandbox)))[comment_id(0, 0)].url == f"https://www.facebook.com/1000_{comment_id(0, 0)}"


def test_stars_that_were_taken_back_do_not_count() -> None:
    """`has_rating` says whether the number beside it means anything."""
    rating = {"created_time": "2026-10-01T09:00:00+0000", "rating": 1, "reviewer": {"id": "7"}}
    read = [review(rating | {"has_rating": has}) for has in (True, False)]
    assert [one.rating for one in read if isinstance(one, Item)] == [1.0, None]


def test_recommendations_and_old_reviews_are_read(serve: Any) -> None:
    """A yes or no is no number of stars; words may be absent; a row without any id must stay the same item each night."""
    rows = [
        row("31", "review", None, 1, recommends=True, text="Found my therapist here"),
        row("32", "review", None, 2, recommends=False, text=""),
        row("33", "review", None, 3, rating=2),
        row("34", "review", None, 4, recommends=False, no_story=True),
    ]
    sandbox = serve([*page(), *rows])
    first = [item for item in items(list(pages(sandbox))).values() if item.kind == "review"]
    assert [(item.text, item.rating) for item in reversed(first)] == [
        ("Found my therapist here", None),
        ("", None),
        ("This is 33", 2.0),
        ("This is 34", None),
    ]
    assert [item.raw.get("recommendation_type") for item in reversed(first)] == [
        "positive",
        "negative",
        None,
        "negative",
    ]
    assert {item.id for item in first} > {"31", "32", "33"} and all(item.thread_id == item.id for item in first)
    read = list(pages(sandbox))
    assert {item.id for item in first} < items(read).keys()
    assert {item.id for item in first} < threads(read).keys() and ("review", None, None) in listed(read)


def test_old_recommendations_that_are_due_are_looked_for(serve: Any) -> None:
    """One that is taken back after months must not stand in the history for ever."""
    rows = [row(f"3{n:04}", "review", None, n) for n in range(250)]
    rows[7]["deleted"] = "2026-10-05T12:00:00Z"
    sandbox, memory = serve([*page(), *rows]), Memory("30007", "30008")
    sandbox.at(BEGIN.date().replace(day=3))
    memory.remember(pages(sandbox))
    sandbox.at(BEGIN.date().replace(day=6))
    sandbox.requests.clear()
    read = list(pages(sandbox, Window(since=BEGIN + timedelta(minutes=200), known=memory)))
    assert "30008" in items(read) and "30100" not in items(read)
    assert calls(sandbox) == ["me", "feed", *["ratings"] * 3], "a recommendation has no comments to ask for"
    gone = BEGIN + timedelta(minutes=7)
    assert ("review", gone, gone) in listed(read)


def test_one_broken_entry_costs_only_itself(serve: Any) -> None:
    """Quarantine as data: what cannot be read is kept with its bytes, and the rest goes on."""
    sandbox = serve(page(comments={0: 2}))
    broken: list[Any] = [
        {"id": "1000_91", "created_time": "2026-10-01T09:00:00+0000"},
        {"id": "1000_92", "message": "x", "created_time": "yesterday"},
        {"message": "nameless"},
        {"id": "1000_94", "message": "half an emoji \ud83d"},
        {"id": "1000_95", "message": "a \0 NUL"},
        {"id": 96, "message": "a number for a name"},
        None,
        "words",
    ]
    answer = changed(sandbox, lambda entry: entry)
    answer.body["data"] += broken
    sandbox.fault("/comments", answer)
    read = list(pages(sandbox))
    assert set(items(read)) == {post_id(0), comment_id(0, 0), comment_id(0, 1)}
    rejected = [one for page in read for one in page.rejected]
    reasons = " ".join(one.reason for one in rejected)
    for words in ("neither words nor a picture", "not a time", "no id", "half a character", "a NUL character"):
        assert words in reasons
    assert len(rejected) == len(broken) and {one.id for one in rejected if one.id} == {"91", "92", "94", "95"}
    assert post_id(0) not in threads(read), "an entry without a name may be any comment that is missing"


def test_a_broken_post_is_still_asked_for_its_comments(serve: Any) -> None:
    """What was answered to a post that cannot be read must not be lost with it."""
    sandbox = serve(page(posts=2, comments={0: 3}))
    first = list_of(sandbox, "limit=100&fields=id,message,created_time,from,comments.limit(0).summary(true)")
    first["data"][1]["created_time"] = "soon"
    sandbox.fault("/feed", Answer(200, first))
    read = list(pages(sandbox))
    assert {comment_id(0, n) for n in range(3)} < set(items(read))
    assert [one.id for page in read for one in page.rejected] == [post_id(0)] and listed(read) == [("post", None, None)]


def test_pages_are_handed_on_as_they_come(serve: Any) -> None:
    """What was read before a breakdown must already be landed."""
    sandbox = serve(page(posts=3, comments={2: 150}))
    reading = pages(sandbox)
    assert len(next(reading).items) == 3 and calls(sandbox) == ["me", "feed"]
    assert len(next(reading).items) == 100 and len(sandbox.requests) == 3
    reading.close()


def test_the_version_is_a_setting(serve: Any) -> None:
    """A version lives about two years: moving on must not need a new release of the monitor."""
    sandbox = serve(page())
    chosen = source(sandbox, version="v26.0")
    with facebook.connect(chosen) as http:
        list(facebook.read(chosen, Window(), http))
    assert {call.path.split("/")[1] for call in sandbox.requests} == {"v26.0"}


def changed(sandbox: Any, change: Any) -> Answer:
    """The comments on post 0 as the sandbox would answer, each entry changed."""
    with connect(sandbox) as http:
        fields = "id,message,created_time,from,parent,is_hidden"
        address = f"https://graph.facebook.com/v25.0/{post_id(0)}/comments?filter=stream&summary=1&fields={fields}"
        body = http.request("GET", address).json()
    sandbox.requests.clear()
    return Answer(200, body | {"data": [change(entry) for entry in body["data"]]})


def list_of(sandbox: Any, query: str) -> dict[str, Any]:
    """The list of posts as the sandbox would answer, whatever the window."""
    with connect(sandbox) as http:
        body: dict[str, Any] = http.request("GET", f"https://graph.facebook.com/v25.0/{PAGE}/feed?{query}").json()
    sandbox.requests.clear()
    return body


def cursor(sandbox: Any) -> str:
    return str(list_of(sandbox, "limit=100")["paging"]["cursors"]["after"])
