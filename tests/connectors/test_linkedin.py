"""The LinkedIn connector over real HTTP: every post, comment, reply and mention, in as few calls as can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connectors import linkedin
from connectors.errors import Refused
from connectors.item import Gone, Listed, Page, ThreadRead
from connectors.linkedin.items import comment_key
from connectors.sandbox.linkedin import least_calls
from connectors.sandbox.linkedin.refusals import refusal
from connectors.sandbox.linkedin.resources import ORGANIZATION, OWN
from connectors.source import Window
from tests.connectors.linkedin_story import (
    MENTION,
    calls,
    comment_row,
    comment_urn,
    connect,
    mention_row,
    page_rows,
    pages,
    place_urn,
    post_row,
    post_urn,
    reply_row,
    reply_urn,
)
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN, Row, items

OCTOBER = date(2026, 10, 20)


def night(sandbox: Any, known: Memory, on: date, *, since: datetime | None = None) -> list[Page]:
    """One night's pass, remembered; the calls of the nights before are forgotten."""
    sandbox.at(on)
    sandbox.requests.clear()
    return known.remember(pages(sandbox, Window(since=since, known=known, bookmark=known.bookmark)))


def of(read: list[Page], part: str) -> list[Any]:
    """All entries of one part of the pages."""
    return [one for page in read for one in getattr(page, part)]


def test_everything_on_every_page_is_read(serve: Any) -> None:
    """A comment on a second page, a reply deep down or the 101st post must not be missed."""
    rows = page_rows(posts=130, comments={0: 2, 7: 250}, replies={(7, 3): 120, (0, 1): 1})
    sandbox = serve([*rows, mention_row()])
    read = list(pages(sandbox))
    assert set(items(read)) == {row["id"] for row in rows} | {MENTION}
    assert not of(read, "gaps") and not of(read, "notes") and not of(read, "rejected")
    assert sum(page.expected or 0 for page in read) == len(rows)
    assert set(of(read, "threads")) == {ThreadRead(post_urn(n), {0: 2, 7: 250}.get(n, 0)) for n in range(130)} | {
        ThreadRead(MENTION)
    }
    assert of(read, "listed") == [Listed(("post",))]
    assert [page.resume is None for page in read] == [False] * (len(read) - 1) + [True]


def test_a_pass_costs_hardly_more_calls_than_it_must(serve: Any) -> None:
    """The Development tier has 500 calls a day: the first pass may ask for the page's name, a night no more than it must."""
    sandbox = serve(page_rows(posts=30, comments=dict.fromkeys(range(20), 3), replies={(2, 1): 2}))
    known = Memory()
    night(sandbox, known, OCTOBER)
    assert len(sandbox.requests) == least_calls(sandbox.world.presence("linkedin"), None, ()) + 1
    since = datetime(2026, 10, 15, tzinfo=UTC)
    known.scheduled = {post_urn(2), post_urn(3), post_urn(29)}
    night(sandbox, known, OCTOBER + timedelta(days=1), since=since)
    least = least_calls(sandbox.world.presence("linkedin"), since, known.scheduled)
    assert len(sandbox.requests) == least == 2 + 3 + 1
    known.scheduled = set()
    night(sandbox, known, OCTOBER + timedelta(days=2), since=since)
    assert calls(sandbox) == ["notifications", "posts"]


def test_every_call_says_what_linkedin_wants_to_hear(serve: Any) -> None:
    """Version, protocol and token in headers; URNs percent-encoded, parentheses of comments too; lists left as they are."""
    sandbox = serve(page_rows(posts=1, comments={0: 1}, replies={(0, 0): 1}))
    list(pages(sandbox))
    for call in sandbox.requests:
        assert call.headers["linkedin-version"] == "202610"
        assert call.headers["x-restli-protocol-version"] == "2.0.0"
        assert call.headers["authorization"] == f"Bearer {sandbox.key}" and sandbox.key not in call.path
    paths = [call.path for call in sandbox.requests]
    place = place_urn(0).replace(":", "%3A")
    organization = f"urn%3Ali%3Aorganization%3A{ORGANIZATION}"
    assert paths[1:] == [
        "/rest/organizationalEntityNotifications?q=criteria"
        "&actions=List(SHARE_MENTION,COMMENT,COMMENT_EDIT,COMMENT_DELETE,ADMIN_COMMENT)"
        f"&organizationalEntity={organization}&start=0&count=100",
        f"/rest/posts?q=author&author={organization}&sortBy=LAST_MODIFIED&start=0&count=100",
        f"/rest/socialActions/{post_urn(0).replace(':', '%3A')}/comments?start=0&count=100",
        f"/rest/socialActions/urn%3Ali%3Acomment%3A%28{place}%2C7300000000000000000%29/comments?start=0&count=100",
    ]


def test_items_say_what_the_checks_need(serve: Any) -> None:
    """Who wrote what, when, in answer to what, and where to see it."""
    rows = [
        post_row(0, text="Join us (free) #CPD\nwith @Ann Bell_", mentions={"Ann Bell_": "urn:li:person:a_B"}),
        comment_row(0, 1, text=r"Plain: \(not\) {hashtag|\#|x} @[A](urn:li:person:b)"),
        reply_row(0, 1, 2, author={"id": OWN, "name": "", "handle": None}),
    ]
    found = items(list(pages(serve(rows))))
    post, comment, reply = found[post_urn(0)], found[comment_urn(0, 1)], found[reply_urn(0, 1, 2)]
    assert (post.kind, post.text, post.thread_id) == ("post", "Join us (free) #CPD\nwith Ann Bell_", post.id)
    assert (post.author_id, post.author_name, post.author_handle) == (OWN, None, "acto-uk")
    assert post.url == f"https://www.linkedin.com/feed/update/{post_urn(0)}"
    assert (comment.kind, comment.parent_id, comment.thread_id) == ("comment", post.id, post.id)
    assert comment.text == rows[1]["text"], "comments are no little text"
    assert (comment.author_id, comment.author_name, comment.author_handle) == ("urn:li:person:Mem-ber_1", None, None)
    assert comment.created_at == BEGIN + timedelta(minutes=1441) and comment.edited_at is None
    assert comment.url and comment.url.startswith(f"{post.url}?commentUrn=urn%3Ali%3Acomment%3A%28urn")
    assert (reply.kind, reply.parent_id, reply.thread_id) == ("reply", comment.id, post.id)
    assert reply.author_handle == "acto-uk" and reply.raw["commentUrn"] == reply.id


def test_the_same_number_under_two_posts_is_two_comments(serve: Any) -> None:
    """A comment's number is unique only under its post: as a key it would mix up two people's words."""
    found = items(list(pages(serve(page_rows(posts=2, comments={0: 1, 1: 1})))))
    same = [item for item in found.values() if item.kind == "comment"]
    assert len(same) == 2 and len({item.raw["id"] for item in same}) == 1


def test_older_versions_name_a_comment_otherwise(serve: Any) -> None:
    """`$URN` in older answers, `commentUrn` in newer: an item must not change its id when version is changed."""
    sandbox = serve(page_rows(comments={0: 2}, replies={(0, 0): 1}))
    old, new = (items(list(pages(sandbox, keys={"version": version}))) for version in ("202512", "202610"))
    assert set(old) == set(new) and "$URN" in old[comment_urn(0, 0)].raw
    for key in ("$URN", "commentUrn"):
        assert comment_key({key: comment_urn(0, 0), "object": post_urn(0), "id": "1"}) == comment_urn(0, 0)
    assert sandbox.requests[0].headers["linkedin-version"] == "202512"


def test_posts_are_edited_only_where_linkedin_says_so(serve: Any) -> None:
    """The time of the last change moves when a post is published, too: each post would look edited."""
    rows = [post_row(0), post_row(1, edits=[{"at": "2026-10-05T12:00:00Z", "text": "Changed"}])]
    found = items(list(pages(serve(rows))))
    assert found[post_urn(0)].raw["lastModifiedAt"] > found[post_urn(0)].raw["publishedAt"]
    assert found[post_urn(0)].edited_at is None
    assert (found[post_urn(1)].text, str(found[post_urn(1)].edited_at)) == ("Changed", "2026-10-05 12:00:00+00:00")


def test_drafts_are_not_read_and_planned_posts_are_not_missed(serve: Any) -> None:
    """What nobody can see yet is nobody's business; what was planned in summer and published last night is news."""
    planned = post_row(1, 20 * 1440, created="2026-07-01T09:00:00+00:00")
    drafts = [post_row(n, 20 * 1440, lifecycle=state) for n, state in ((2, "DRAFT"), (3, "PUBLISH_FAILED"))]
    sandbox = serve([post_row(0), planned, *drafts])
    found = items(list(pages(sandbox, Window(since=BEGIN + timedelta(days=19)))))
    assert set(found) == {post_urn(1)} and found[post_urn(1)].created_at == BEGIN + timedelta(days=20)


def test_a_post_that_nobody_touched_has_no_comments(serve: Any) -> None:
    """LinkedIn says "not found" of such a post's comments: that is no failure, and its thread has been read."""
    sandbox = serve(page_rows(posts=1))
    read = list(pages(sandbox))
    assert not of(read, "gaps") and of(read, "threads") == [ThreadRead(post_urn(0), 0)]


def test_pictures_links_and_polls_keep_their_words(serve: Any) -> None:
    """What is said in a picture's description or a poll is said as well."""
    contents: list[dict[str, Any]] = [
        {"media": {"id": "urn:li:video:C5F", "title": "Talk"}},
        {"multiImage": {"images": [{"id": "urn:li:image:1", "altText": "A desk"}, {"id": "urn:li:image:2"}]}},
        {"article": {"source": "https://acto-org.uk/cpd", "title": "CPD", "description": "More"}},
        {"poll": {"question": "Camera on?", "options": [{"text": "Yes"}, {"text": "No"}]}},
    ]
    rows: list[Row] = [post_row(n, content=content) for n, content in enumerate(contents)]
    picture = comment_row(0, 1, text="", content=[{"type": "IMAGE", "url": "https://media.example/1"}])
    found = items(list(pages(serve([*rows, picture]))))
    media = [[(one.type, one.url, one.text) for one in found[post_urn(n)].media] for n in range(4)]
    assert media == [
        [("video", None, "Talk")],
        [("image", None, "A desk"), ("image", None, None)],
        [("article", "https://acto-org.uk/cpd", "CPD")],
        [("poll", None, "Camera on?\nYes\nNo")],
    ]
    assert [(one.type, one.url) for one in found[comment_urn(0, 1)].media] == [("image", "https://media.example/1")]


def test_the_window_bounds_posts_by_when_they_were_published(serve: Any) -> None:
    """`--since` and `--until` read what was begun between them, and nothing else."""
    sandbox = serve(page_rows(posts=250, comments=dict.fromkeys((9, 10, 20, 21, 249), 1)))
    read = list(pages(sandbox, Window(since=BEGIN + timedelta(minutes=10), until=BEGIN + timedelta(minutes=20))))
    assert {item.id for item in items(read).values() if item.kind == "post"} == {post_urn(n) for n in range(10, 21)}
    assert of(read, "listed") == [Listed(("post",), BEGIN + timedelta(minutes=10), BEGIN + timedelta(minutes=20))]
    assert calls(sandbox)[:5] == ["organization", "notifications", "posts", "posts", "posts"]
    assert {item.id for item in items(read).values() if item.kind == "comment"} == {
        comment_urn(10, 0),
        comment_urn(20, 0),
    }


def test_what_happens_on_old_posts_is_read_the_night_it_happens(serve: Any) -> None:
    """New, changed and deleted comments on posts that no schedule would look at: LinkedIn's notifications tell of them."""
    rows = page_rows(posts=6, comments=dict.fromkeys(range(5), 2), replies={(3, 0): 1})
    changes = {
        comment_urn(0, 0): {"edits": [{"at": "2026-10-20T12:00:00Z", "text": "Changed"}]},
        comment_urn(1, 1): {"deleted": "2026-10-20T13:00:00Z"},
        reply_urn(3, 0, 0): {"deleted": "2026-10-20T14:00:00Z"},
    }
    rows = [row | changes.get(row["id"], {}) for row in rows]
    late = (BEGIN + timedelta(days=19, hours=6)) - BEGIN
    rows += [
        comment_row(2, 9, minutes=late.total_seconds() / 60),
        comment_row(5, 9, minutes=late.total_seconds() / 60, author={"id": OWN, "name": "", "handle": None}),
    ]
    sandbox, known = serve(rows), Memory()
    night(sandbox, known, OCTOBER)
    read = night(sandbox, known, OCTOBER + timedelta(days=1), since=datetime(2026, 10, 19, tzinfo=UTC))
    assert sorted(calls(sandbox)) == ["comments"] * 5 + ["notifications", "posts"]
    assert items(read)[comment_urn(0, 0)].text == "Changed"
    assert str(items(read)[comment_urn(0, 0)].edited_at) == "2026-10-20 12:00:00+00:00"
    assert {comment_urn(2, 9), comment_urn(5, 9)} <= set(items(read))
    assert set(of(read, "gone")) == {Gone(comment_urn(1, 1), "removed"), Gone(reply_urn(3, 0, 0), "removed")}
    assert {thread.id for thread in of(read, "threads")} == {post_urn(n) for n in (0, 1, 2, 3, 5)}
    night(sandbox, known, OCTOBER + timedelta(days=2), since=datetime(2026, 10, 19, tzinfo=UTC))
    assert calls(sandbox) == ["notifications", "posts"], "told once is enough"


def test_notifications_name_comments_in_short(serve: Any) -> None:
    """`urn:li:comment:(activity:…` there is `urn:li:comment:(urn:li:activity:…` elsewhere: a deletion must find its comment."""
    sandbox, known = (
        serve([*page_rows(), comment_row(0, 1, deleted="2026-10-20T12:00:00Z"), comment_row(0, 2)]),
        Memory(),
    )
    night(sandbox, known, OCTOBER)
    sandbox.at(OCTOBER + timedelta(days=1))
    with connect(sandbox) as http:
        address = f"{linkedin.HOST}{sandbox.requests[1].path}"
        headers = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
        told = http.request("GET", address, headers=headers).json()["elements"]
    assert told[0]["action"] == "COMMENT_DELETE" and "(activity:" in told[0]["generatedActivity"]
    assert of(night(sandbox, known, OCTOBER + timedelta(days=1)), "gone") == [Gone(comment_urn(0, 1))]


def test_an_edit_of_an_old_post_comes_along(serve: Any) -> None:
    """The list is read by last change: what we ourselves put into an old post must not escape the checks."""
    edited = post_row(0, edits=[{"at": "2026-10-20T12:00:00Z", "text": "Changed"}])
    sandbox, known = serve([edited, *(post_row(n) for n in range(1, 150))]), Memory()
    night(sandbox, known, OCTOBER)
    read = night(sandbox, known, OCTOBER + timedelta(days=1), since=datetime(2026, 10, 19, tzinfo=UTC))
    assert [item.text for item in items(read).values()] == ["Changed"] and calls(sandbox) == ["notifications", "posts"]


def test_due_posts_behind_the_list_are_read_the_cheaper_way(serve: Any) -> None:
    """One old post by its id; many by reading the list further. Nothing of what is not due."""
    sandbox, known = serve(page_rows(posts=320, comments=dict.fromkeys(range(10), 1))), Memory()
    night(sandbox, known, OCTOBER)
    since = datetime(2026, 10, 19, tzinfo=UTC)
    for due, expected in (
        ({0}, ["notifications", "posts", "post", "comments"]),
        (set(range(10)), ["notifications", *["posts"] * 4, *["comments"] * 10]),
    ):
        known.scheduled = {post_urn(n) for n in due}
        read = night(sandbox, known, OCTOBER + timedelta(days=1), since=since)
        assert calls(sandbox) == expected
        assert len(expected) == least_calls(sandbox.world.presence("linkedin"), since, known.scheduled)
        assert {thread.id for thread in of(read, "threads")} == known.scheduled
        assert {item.thread_id for item in items(read).values()} == known.scheduled


def test_a_deleted_post_is_gone_with_its_comments(serve: Any) -> None:
    """In the window the list shows that it is missing; behind it, its own address says so."""
    sandbox, known = (
        serve([post_row(0, deleted="2026-10-20T12:00:00Z"), comment_row(0, 1), *page_rows(posts=3)[1:]]),
        Memory(),
    )
    night(sandbox, known, OCTOBER)
    known.scheduled = {post_urn(0)}
    read = night(sandbox, known, OCTOBER + timedelta(days=1), since=datetime(2026, 10, 19, tzinfo=UTC))
    assert of(read, "gone") == [Gone(post_urn(0))] and of(read, "threads") == [ThreadRead(post_urn(0), 0)]
    assert of(read, "listed") == [Listed(("post",), datetime(2026, 10, 19, tzinfo=UTC), None)]


def test_mentions_by_others_are_items_of_their_own(serve: Any) -> None:
    """The only way to see them is the notification; the comments under somebody else's post are not ours to read."""
    sandbox = serve([*page_rows(), mention_row()])
    read = list(pages(sandbox))
    found = items(read)[MENTION]
    assert (found.kind, found.text, found.thread_id) == ("mention", "Good work by ACTO (UK)", MENTION)
    assert (found.author_id, found.author_name, found.author_handle) == ("urn:li:person:Mem-ber_1", None, None)
    assert found.created_at == BEGIN + timedelta(days=3) and found.url and found.url.endswith(MENTION)
    assert "post" not in calls(sandbox) and ThreadRead(MENTION) in of(read, "threads")


def test_a_mention_without_its_text_is_fetched_where_that_is_allowed(serve: Any) -> None:
    """Else it is a gap: the Chair must know that somebody wrote about us."""
    readable = list(pages(serve([*page_rows(), mention_row(undecorated=True, open=True, text="See @ACTO (UK)")])))
    assert items(readable)[MENTION].text == "See @ACTO (UK)" and not of(readable, "gaps")
    assert (items(readable)[MENTION].kind, items(readable)[MENTION].raw["id"]) == ("mention", MENTION)
    closed = list(pages(serve([*page_rows(), mention_row(undecorated=True)])))
    assert MENTION not in items(closed) and "does not let us read it" in of(closed, "gaps")[0]
    assert not [thread for thread in of(closed, "threads") if thread.id == MENTION]


def test_we_do_not_mention_ourselves(serve: Any) -> None:
    """A post of ours that names us is a post."""
    sandbox = serve([*page_rows(), mention_row(author={"id": OWN, "name": "", "handle": None})])
    assert MENTION not in items(list(pages(sandbox)))


def test_other_peoples_posts_are_asked_for_again_only_once(serve: Any) -> None:
    """LinkedIn refuses them: asking each night would waste the day's few calls."""
    sandbox, known = serve([*page_rows(), mention_row()]), Memory()
    night(sandbox, known, OCTOBER)
    known.scheduled = {MENTION}
    read = night(sandbox, known, OCTOBER + timedelta(days=1))
    assert calls(sandbox) == ["notifications", "posts", "post"] and not of(read, "gaps") and not of(read, "gone")
    assert [note for note in of(read, "notes") if MENTION in note]
    read = night(sandbox, known, OCTOBER + timedelta(days=2))
    assert calls(sandbox) == ["notifications", "posts"] and not of(read, "notes")


def test_a_post_by_others_stays_a_mention(serve: Any) -> None:
    """Where LinkedIn does show it again, it is no post of ours, and when it is deleted it is gone."""
    rows = [*page_rows(), mention_row(open=True, deleted="2026-10-21T12:00:00Z")]
    sandbox, known = serve(rows), Memory()
    night(sandbox, known, OCTOBER)
    known.scheduled = {MENTION}
    read = night(sandbox, known, OCTOBER + timedelta(days=1))
    assert items(read)[MENTION].kind == "mention" and of(read, "threads") == [ThreadRead(MENTION)]
    assert calls(sandbox) == ["notifications", "posts", "post"]
    assert of(night(sandbox, known, OCTOBER + timedelta(days=2)), "gone") == [Gone(MENTION)]


def test_the_pages_own_name_is_asked_once(serve: Any) -> None:
    """Our own words are official by our handle, which no post holds; where the token may not ask, it is ACTO's."""
    sandbox, known = serve(page_rows()), Memory()
    read = night(sandbox, known, OCTOBER)
    assert read[-1].bookmark and read[-1].bookmark["handle"] == "acto-uk"
    known.bookmark = {**read[-1].bookmark, "handle": "acto-renamed"}
    read = night(sandbox, known, OCTOBER + timedelta(days=1))
    assert items(read)[post_urn(0)].author_handle == "acto-renamed" and "organization" not in calls(sandbox)
    sandbox.fault("/organizations/", refusal("accessDenied"))
    read = night(sandbox, Memory(), OCTOBER)
    assert items(read)[post_urn(0)].author_handle == "acto-uk" and read[-1].bookmark["handle"] == "acto-uk"  # type: ignore[index]


@pytest.mark.parametrize("written", [ORGANIZATION, OWN, f" urn:li:company:{ORGANIZATION} "])
def test_the_organization_may_be_a_number_or_a_urn(serve: Any, written: str) -> None:
    """LinkedIn shows it either way."""
    assert len(items(list(pages(serve(page_rows()), keys={"organization_id": written})))) == 1


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"organization_id": "acto-uk"}, "organization_id in acto.toml is not the number"),
        ({"organization_id": "1/../2"}, "organization_id in acto.toml is not the number"),
        ({"version": "v26.0"}, "version in acto.toml"),
    ],
)
def test_a_key_that_cannot_be_is_named_before_any_call(serve: Any, keys: dict[str, str], words: str) -> None:
    """A vanity name in the place of the number is the usual mistake."""
    sandbox = serve(page_rows())
    with pytest.raises(Refused, match=words):
        list(pages(sandbox, keys=keys))
    assert not sandbox.requests


def test_an_interrupted_pass_goes_on_with_the_threads_it_had_not_read(serve: Any) -> None:
    """A power cut among 200 threads must not cost their calls twice, neither the due ones' nor those told to be changed."""
    rows = page_rows(posts=8, comments=dict.fromkeys(range(8), 1))
    late = [comment_row(n, 5, minutes=19 * 1440 + 600 + n) for n in (1, 2, 3)]
    sandbox, known = serve([*rows, *late]), Memory()
    night(sandbox, known, OCTOBER)
    sandbox.at(OCTOBER + timedelta(days=1))
    window = Window(since=datetime(2026, 10, 19, tzinfo=UTC), known=known, bookmark=known.bookmark)
    reading = pages(sandbox, window)
    landed = [next(reading) for _ in range(3)]
    reading.close()
    assert [len(page.threads) for page in landed] == [0, 0, 1]
    sandbox.requests.clear()
    rest = list(pages(sandbox, Window(window.since, resume=landed[-1].resume, known=known, bookmark=known.bookmark)))
    assert calls(sandbox) == ["notifications", "posts", "comments", "comments"]
    assert {thread.id for thread in of(landed + rest, "threads")} == {post_urn(n) for n in (1, 2, 3)}
    first = Memory()
    reading = pages(sandbox, Window(known=first))
    resume = first.remember([next(reading) for _ in range(5)])[-1].resume
    reading.close()
    sandbox.requests.clear()
    assert len(first.counted) == 3
    first.remember(pages(sandbox, Window(known=first, resume=resume)))
    assert calls(sandbox).count("comments") == 5 and len(first.items) == 8 + 8 + 3
