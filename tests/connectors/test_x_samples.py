"""The X parser over what X really answered (bodies of public test suites and of its documents, beside the checkout).

Fitting are the bodies whose `data` (or the object itself) is one post or a list of posts. The others hold users, lists,
spaces, rules, counts, trends, messages, jobs, uploads, tokens, or no data at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused, SourceError, Transient
from connectors.item import Item
from connectors.json_values import text_or_none
from connectors.sandbox import Answer, Sandbox
from connectors.source import Window
from connectors.x.client import Answer as XAnswer
from connectors.x.items import Account, post, references
from connectors.x.refusals import why_gone
from tests.connectors.story import Row, items
from tests.connectors.x_story import DAY, NOW, mention, pages

Serve = Callable[[list[Row]], Sandbox]
ACCOUNT = Account("2244994945", "XDevelopers")
FOLDERS = ("samples/x/sns-sdks__python-twitter", "samples/x/g8rswimmer__go-twitter", "samples/documented/x")
# They have an id and a text, but are direct messages or the answers to writing.
NO_POSTS = ("dm_events", "create_tweet_resp", "tweet_manage")
POSTS_IN_ALL = 124
FILES_IN_ALL = 37


def bodies(shared: Path) -> list[tuple[str, Any]]:
    """Every JSON file of X, by its name."""
    paths = [path for folder in FOLDERS for path in sorted((shared / folder).rglob("*.json"))]
    return [(str(path), json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def posts_of(name: str, body: Any) -> list[Any]:
    """The posts in a body; none where it is not fitting."""
    if not isinstance(body, dict) or any(word in name for word in NO_POSTS):
        return []
    data = body.get("data", body)
    listed = data if isinstance(data, list) else [data]
    are_posts = all(text_or_none(one, "id") and text_or_none(one, "text") for one in listed)
    return listed if are_posts else []


def answer_of(body: dict[str, Any]) -> XAnswer:
    includes = body.get("includes") or {}
    return XAnswer(
        users={one["id"]: one for one in includes.get("users", [])},
        media={one["media_key"]: one for one in includes.get("media", [])},
    )


def test_every_recorded_post_is_an_item(shared: Path) -> None:
    """Real posts in any script, with and without authors, times and references: each is an item, or a repost."""
    files = counted = 0
    for name, body in bodies(shared):
        entries = posts_of(name, body)
        read = [post(entry, answer_of(body), ACCOUNT) for entry in entries]
        reposts = [entry for entry in entries if references(entry).get("retweeted")]
        found = [one for one in read if isinstance(one, Item)]
        assert len(found) + len(reposts) == len(entries), name
        for item in found:
            assert item.raw in entries and item.text and item.thread_id and item.url
        files, counted = files + bool(entries), counted + len(entries)
    assert (files, counted) == (FILES_IN_ALL, POSTS_IN_ALL)


def test_recorded_quotes_have_their_authors(shared: Path) -> None:
    """Fifteen real quotes by fourteen people."""
    path = shared / "samples/x/sns-sdks__python-twitter/testdata/apis/tweet/tweet_quote_tweets_resp.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    found = [one for one in (post(entry, answer_of(body), ACCOUNT) for entry in body["data"]) if isinstance(one, Item)]
    assert len(found) == 15 and {item.kind for item in found} <= {"mention", "reply", "post"}
    assert all(item.author_handle and item.author_name and item.created_at for item in found)
    assert all(item.thread_id == item.raw["conversation_id"] for item in found)


def test_the_documented_edit_is_known_by_its_first_id(shared: Path) -> None:
    """samples/documented/x/edit_history_documented.json: both versions are one item."""
    body = json.loads((shared / "samples/documented/x/edit_history_documented.json").read_text(encoding="utf-8"))
    versions = [body["data"], body["includes"]["tweets"][0]]
    read = [post(entry, XAnswer(), ACCOUNT) for entry in versions]
    assert [(one.id, one.text) for one in read if isinstance(one, Item)] == [
        ("1234567890", "Updated text (edited)"),
        ("1234567890", "Original text (with typo)"),
    ]


def test_the_new_names_are_read_through_the_whole_connector(shared: Path, serve: Serve) -> None:
    """samples/documented/x/mentions_post_dialect_openapi_2_167.json: nothing is lost by the renaming."""
    name = "samples/documented/x/mentions_post_dialect_openapi_2_167.json"
    body = json.loads((shared / name).read_text(encoding="utf-8"))
    sandbox = serve([])
    sandbox.fault("/mentions", Answer(200, body))
    item = items(list(pages(sandbox)))["1234567891"]
    assert (item.text, item.author_handle, item.author_name) == ("long form", "u", "U")
    assert (item.parent_id, item.thread_id) == ("1234567890", "1234567890")
    assert str(item.created_at) == "2026-08-15 12:02:00+00:00"


@pytest.mark.parametrize("path", ["/mentions", "/tweets"])
def test_documented_refusals_have_their_sentence(shared: Path, serve: Serve, path: str) -> None:
    """samples/documented/x/errors.json, each with its status and headers at a list."""
    documented = json.loads((shared / "samples/documented/x/errors.json").read_text(encoding="utf-8"))
    told = []
    for one in documented:
        sandbox = serve([mention(5)])
        sandbox.at(NOW)
        sandbox.fault(path, Answer(one["http"], one["body"], one.get("headers", {})), times=None)
        with pytest.raises(SourceError) as caught:
            list(pages(sandbox, Window(bookmark={"mentions": mention(DAY)["id"], "posts": mention(DAY)["id"]})))
        told.append((type(caught.value), str(caught.value)))
    words = ("answered 429", "answered 429", "credits are used up", "token", "no access", "does not understand")
    assert [word for word, (_, sentence) in zip(words, told, strict=True) if word not in sentence] == []
    assert [kind for kind, _ in told] == [Transient, Transient, Refused, Refused, Refused, Refused]


def test_a_recorded_partial_error_is_a_deletion(shared: Path) -> None:
    """A real lookup of two posts, of which one was not found."""
    path = shared / "samples/x/g8rswimmer__go-twitter/extracted/v2_client_tweet_lookup_test.go_L342.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    assert [why_gone(problem) for problem in body["errors"]] == ["removed"]
