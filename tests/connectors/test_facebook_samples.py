"""The Facebook parsers over what Facebook really answered (bodies of public test suites beside the checkout).

Fitting are single posts, comments, the lists of comments inside of posts, photos, videos and albums, one whole feed, and
recommendations. The others are not what the connector is answered: webhooks are pushed events, `whatsapp`, messages and
conversations are private mail, the rest are users, adverts, insights and the like. They must do no harm all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import SourceError
from connectors.facebook.items import OurPage, comment, comment_id, post, review
from connectors.graph import sent
from connectors.item import Item, Rejected
from connectors.listing import Sent
from connectors.sandbox import Answer
from tests.connectors.facebook_story import PAGE, gaps, items, listed, page, pages, threads

RESTFB = "samples/facebook/restfb__restfb/src/test/resources/json"
OURS = OurPage(PAGE, "ACTO-online")
# Posts by themselves, by what was to be shown of them. A "tagged" post says when it tagged us, not when it was begun.
POSTS = [
    "post-missing-fields.json",
    "post-missing-fields-absence.json",
    "post-with-comment-count-only.json",
    "post-with-empty-comments.json",
    "post-with-likes-v1.json",
    "post-with-likes-v2.json",
    "post-with-normal-comments.json",
    "v10_0/tagged-post.json",
    "v16_0/post-with-insight.json",
    "v2_1/post-emptyarray.json",
    "v2_1/post-group.json",
    "v2_1/post-messagetags.json",
    "v2_1/post-portoguese.json",
    "v2_1/post-story.json",
    "v2_1/post-with-likes-totalcount.json",
    "v2_3/post-admin-creator.json",
    "v2_3/post-attachments.json",
    "v2_3/post-feedtargeting-issue262.json",
    "v2_3/post-feedtargeting-region.json",
    "v2_3/post-feedtargeting.json",
    "v2_3/post-fullpicture.json",
    "v2_3/post-ishidden.json",
    "v2_3/post-likes-summary.json",
    "v2_3/post-targeting.json",
    "v2_5/post-likes-summary.json",
    "v2_5/post-parent.json",
    "v2_5/post-scheduled.json",
    "v2_5/post-with-feedtargeting-regions.json",
    "v2_6/post-with-reactions.json",
    "v2_6/post-with-storyAndMessageTags.json",
    "v2_8/post-multishare.json",
    "v2_8/post-with-calltoaction-getquote.json",
    "v2_8/post-with-calltoaction-installmobileapp.json",
    "v2_8/post-with-calltoaction.json",
    "v2_8/post-with-feedtargeting-regions.json",
    "v2_8/post-with-feedtargeting-schedule.json",
    "v2_8/post-with-feedtargeting.json",
    "v2_9/post-no-likes.json",
    "v3_2/post-sponsortags.json",
    "v5_0/post-with-comment.json",
]
COMMENTS = [
    "v2_2/comment-issue286.json",
    "v2_2/comment_canHide.json",
    "v2_2/comment_noCanHide.json",
    "v2_2/comment_object.json",
    "v2_9/comment-messagetags.json",
    "v2_9/comment-permalink.json",
    "v2_9/comment-reactions.json",
]
LISTS_OF_COMMENTS = {
    "post-with-normal-comments.json": 1,
    "v2_2/page-rating-example1.json": 1,
    "v2_4/video-commentcount.json": 1,
    "v2_5/album-with-comments.json": 1,
    "v2_5/photo-comments.json": 1,
    "v5_0/post-with-comment.json": 1,
}
# What a row of /ratings looked like over the years. v2_2/page-rating-example1 is the story behind one, not a row.
REVIEWS = {
    "v1_0/page-rating.json": 4.0,
    "v2_11/opengraphrating-issue878.json": None,
    "v2_5/open-graph-rating-example.json": 5.0,
    "v2_5/open-graph-rating-simple.json": 4.0,
    "v2_5/page-rating-example1.json": 5.0,
    "v3_1/opengraphrating-real-recommendation.json": None,
    "v3_1/opengraphrating-recommendation.json": 5.0,
}


def body(shared: Path, name: str) -> Any:
    return json.loads((shared / RESTFB / name).read_text(encoding="utf-8"))


def everything(shared: Path) -> Iterator[tuple[str, Any]]:
    """All bodies that are JSON, webhooks and all."""
    for path in sorted((shared / RESTFB).rglob("*.json")):
        try:
            yield str(path), json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue


@pytest.mark.parametrize("name", POSTS)
def test_recorded_posts_are_items(shared: Path, name: str) -> None:
    """Posts of fifteen years, of people and Pages, with and without words."""
    recorded = body(shared, name)
    read = post(recorded, OURS)
    if "id" not in recorded:
        assert isinstance(read, Rejected) and "no id" in read.reason
        return
    assert isinstance(read, Item) and read.kind == "mention" and read.raw is recorded
    assert read.text == recorded.get("message", recorded.get("story", ""))
    assert (read.created_at is None) == ("created_time" not in recorded)
    assert read.hidden is recorded.get("is_hidden", False)
    assert read.author_name == recorded.get("from", {}).get("name")


@pytest.mark.parametrize("name", COMMENTS)
def test_recorded_comments_are_items(shared: Path, name: str) -> None:
    """Comments by themselves; only one of the two spellings of an id is kept."""
    recorded = body(shared, name)
    read = comment(recorded, "1_2", OURS)
    if "message" not in recorded:
        # Asked for its tags alone.
        assert isinstance(read, Rejected) and read.id == recorded["id"].split("_")[-1]
        return
    assert isinstance(read, Item), read
    assert read.text == recorded["message"] and read.id == recorded["id"].split("_")[-1]
    assert read.hidden is recorded.get("is_hidden", False)


@pytest.mark.parametrize(("name", "number"), LISTS_OF_COMMENTS.items())
def test_recorded_lists_of_comments_are_items(shared: Path, name: str, number: int) -> None:
    """Each entry of each list becomes an item."""
    recorded = body(shared, name)["comments"]["data"]
    read = [comment(entry, "1_2", OURS) for entry in recorded]
    found = [one for one in read if isinstance(one, Item)]
    assert len(found) == len(recorded) == number
    assert all(item.text and item.author_id and item.created_at for item in found)


@pytest.mark.parametrize(("name", "rating"), REVIEWS.items())
def test_recorded_recommendations_are_reviews(shared: Path, name: str, rating: float | None) -> None:
    """Rows with stars, with a yes, with both, with neither author nor words."""
    recorded = body(shared, name)
    read = review(recorded)
    assert isinstance(read, Item) and read.rating == rating and read.created_at
    assert read.text == recorded.get("review_text", "")
    assert read.author_name == recorded.get("reviewer", {}).get("name")


def test_a_recorded_feed_is_read_as_a_whole(shared: Path, serve: Any) -> None:
    """v2_1/feed-got.json: 25 real posts in ten languages, the next page named by time, and 48 comments inside."""
    feed = body(shared, "v2_1/feed-got.json")
    sandbox = serve(page())
    sandbox.fault("/feed", Answer(200, feed))
    sandbox.fault("/feed", Answer(200, {"data": []}), times=None)
    inside = {entry["id"]: entry["comments"] for entry in feed["data"] if "comments" in entry}
    for name, comments in inside.items():
        sandbox.fault(f"{name}/comments", Answer(200, comments | {"paging": {}}), times=None)
    sandbox.fault("/comments", Answer(200, {"data": []}), times=None)
    read = list(pages(sandbox))
    number = sum(len(comments["data"]) for comments in inside.values())
    assert number == 48 and len(items(read)) == 25 + number and not any(one.rejected for one in read)
    assert [call.path for call in sandbox.requests if "until=1411172656" in call.path]
    assert not [call.path for call in sandbox.requests if "CAACEdEose" in call.path], "somebody's token of 2014"
    assert not gaps(read) and ("post", None, None) in listed(read) and len(threads(read)) == 25


def test_comments_inside_of_a_recorded_feed_are_not_lost(shared: Path, serve: Any) -> None:
    """What came along with the posts is handed on, once each, where the lists of comments do not show it."""
    feed = body(shared, "v2_1/feed-got.json")
    feed["data"][0]["comments"] = {
        "data": [{"id": "1_5", "message": "a", "comments": {"data": [{"id": "1_6", "message": "b"}]}}]
    }
    sandbox = serve(page())
    sandbox.fault("/feed", Answer(200, feed | {"paging": {}}))
    sandbox.fault("/comments", Answer(200, {"data": []}), times=None)
    read = list(pages(sandbox))
    handed_on = [item.id for one in read for item in one.items]
    assert len(handed_on) == len(set(handed_on)) == 25 + 48 + 2 and not gaps(read)
    assert items(read)["6"].parent_id == "5" and sum(one.expected or 0 for one in read) == len(handed_on)


def test_nothing_that_facebook_ever_sent_breaks_a_parser(shared: Path) -> None:
    """All bodies, also as they were never meant: each is an item or a rejected entry with its reason and its bytes."""
    number = 0
    for name, recorded in everything(shared):
        inside = recorded.get("data") if isinstance(recorded, dict) else recorded
        for entry in [recorded, *(inside if isinstance(inside, list) else [])]:
            for one in (post(entry, OURS), comment(entry, "1_2", OURS), review(entry)):
                number += 1
                assert isinstance(one, Item) or (one.reason.endswith(".") and one.raw), name
    assert number > 1000


def test_the_events_that_facebook_pushes_name_the_same_comments(shared: Path) -> None:
    """Webhooks are not read, but their comment ids must be those that we store."""
    events = list(everything(shared))
    values = [
        change["value"]
        for name, recorded in events
        if "/webhooks/feed-comment" in name
        for entry in recorded["entry"]
        for change in entry["changes"]
    ]
    assert len(values) > 5
    for value in values:
        assert comment_id(value["comment_id"]).isdigit() and comment_id(value["post_id"]) != comment_id(
            value["comment_id"]
        )


def test_recorded_lists_go_on_where_they_say(shared: Path) -> None:
    """A next page exists where `next` is there, and only then; and no token out of an address is used."""
    lists: list[tuple[dict[str, Any], Sent]] = []
    for _, recorded in everything(shared):
        if isinstance(recorded, dict) and isinstance(recorded.get("data"), list):
            try:
                lists.append((recorded, sent(recorded)))
            except SourceError:
                # Without a cursor, and with an address that tells nothing.
                assert "next" in recorded["paging"]
    assert len(lists) > 15
    for recorded, (entries, token) in lists:
        assert entries == recorded["data"] and (token is None) == ("next" not in recorded.get("paging", {}))
        assert "access_token" not in (token or "")
