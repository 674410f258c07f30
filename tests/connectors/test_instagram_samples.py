"""The Instagram parser over what Instagram answered others (bodies of public test suites beside the checkout)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.instagram.items import comment, media
from connectors.item import Item
from connectors.sandbox import Answer
from tests.connectors.instagram_story import account, pages
from tests.connectors.story import items

RESTFB = "samples/instagram/restfb__restfb/src/test/resources/json"
# Messages, insights, containers, audio and conversations: none of them is a post or a comment.
OTHER_THINGS = 17


def body(shared: Path, name: str) -> Any:
    return json.loads((shared / RESTFB / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["comment", "comment_missing_user"])
def test_recorded_comments_are_items(shared: Path, name: str) -> None:
    """Real comments, with and without an author, and with a reply that names nobody."""
    entry = body(shared, f"instagram/{name}")
    replies = entry.get("replies", {}).get("data", [])
    found = [comment(entry, media_id=entry["media"]["id"])]
    found += [comment(one, media_id=entry["media"]["id"], parent_id=entry["id"]) for one in replies]
    read = [one for one in found if isinstance(one, Item)]
    assert len(read) == 1 + len(replies)
    assert [(one.id, one.text) for one in read] == [(one["id"], one["text"]) for one in [entry, *replies]]
    assert [one.kind for one in read] == ["comment", *["reply"] * len(replies)]
    assert {one.thread_id for one in read} == {entry["media"]["id"]}
    assert all(one.created_at and str(one.created_at.utcoffset()) == "0:00:00" for one in read)
    assert (read[0].author_handle, read[0].author_id) == (entry.get("username"), entry.get("user", {}).get("id"))


def test_comments_told_by_notifications_are_items(shared: Path) -> None:
    """What a notification holds of a comment has the same shape, with less in it."""
    for name in ("wh-comments", "wh-comments-2021", "wh-livecomments"):
        changes = [one["value"] for entry in body(shared, f"instagram/{name}")["entry"] for one in entry["changes"]]
        read = [comment(one, media_id="1") for one in changes]
        found = [one for one in read if isinstance(one, Item)]
        assert len(found) == len(changes) == 1
        assert (found[0].author_handle, found[0].parent_id) == (
            changes[0].get("from", {}).get("username"),
            changes[0].get("parent_id", "1"),
        )


@pytest.mark.parametrize("name", ["media-image", "media-carousel", "media-with-boost-ads", "igmedia-cci"])
def test_recorded_media_are_posts(shared: Path, name: str) -> None:
    """Real media: one picture, several, and two of which only the number was asked."""
    entry = body(shared, f"instagram/{name}")
    found = media(entry, "post")
    assert isinstance(found, Item)
    assert (found.id, found.text, found.url) == (entry["id"], entry.get("caption", ""), entry.get("permalink"))
    assert (found.author_id, found.author_handle) == (entry.get("owner", {}).get("id"), entry.get("username"))
    pictures = entry.get("children", {}).get("data", [entry])
    assert [one.url for one in found.media] == [one.get("permalink") for one in pictures]


def test_a_recorded_mention_is_read(shared: Path, serve: Any) -> None:
    """The answer to the question for a media that names us, as it was recorded."""
    recorded = body(shared, "instagram/mentioned-media")
    name = recorded["mentioned_media"]["id"]
    sandbox = serve(account())
    sandbox.fault("mentioned_media", Answer(200, recorded))
    found = items(list(pages(sandbox, mentions=name)))
    assert (found[name].kind, found[name].text) == ("mention", recorded["mentioned_media"]["caption"])


def test_documented_refusals_have_their_sentence(shared: Path, serve: Any) -> None:
    """samples/documented/instagram/errors.json and a recorded one of the Instagram login, each at the list of posts."""
    documented = json.loads((shared / "samples/documented/instagram/errors.json").read_text(encoding="utf-8"))
    recorded = {"http": 400, "body": body(shared, "instagram/ig_login_exception")}
    expected: list[tuple[type[SourceError], str]] = [
        (Refused, "permission"),
        (Refused, "user_id in acto.toml"),
        (PassOver, "calls that Meta allows us are used up"),
        (Refused, "token"),
    ]
    for told, (kind, words) in zip([*documented, recorded], expected, strict=True):
        sandbox = serve(account(comments=1))
        sandbox.fault("/media", Answer(told["http"], told["body"]), times=None)
        with pytest.raises((Refused, Transient), match=words) as caught:
            list(pages(sandbox))
        assert type(caught.value) is kind


def test_every_sample_is_looked_at(shared: Path) -> None:
    """A sample that is added later must not be passed over in silence."""
    files = list((shared / "samples/instagram").rglob("*.json"))
    assert len(files) == 2 + 3 + 4 + 1 + 1 + OTHER_THINGS
