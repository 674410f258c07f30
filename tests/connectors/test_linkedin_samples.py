"""The LinkedIn parser over what LinkedIn really answered (bodies of public test suites beside the checkout)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from connectors.errors import PassOver, Refused, SourceError, Transient
from connectors.item import Item, Rejected
from connectors.linkedin.items import Ourselves, comment, comment_key, reply_count
from connectors.sandbox import Answer
from connectors.sandbox.linkedin.resources import OWN
from tests.connectors.linkedin_story import comment_urn, page_rows, pages

DOCUMENTED = "samples/documented/linkedin"
CASSETTES = "samples/linkedin/mdesjardins__linkedin-v2/spec/vcr_cassettes"
US = Ourselves("96072893", "acto-uk")
POST = "urn:li:share:1"


def body(shared: Path, name: str) -> Any:
    return json.loads((shared / DOCUMENTED / name).read_text(encoding="utf-8"))


def test_recorded_comments_are_items(shared: Path) -> None:
    """A recorded body of 2023: the key is its $URN, the page's own comment is known as ours, replies are counted."""
    recorded = body(shared, "post_comments_recorded_2023.json")["elements"]
    found = [one for entry in recorded if isinstance(one := comment(entry, US, thread_id=POST), Item)]
    assert len(found) == len(recorded) == 2
    assert [item.id for item in found] == [entry["$URN"] for entry in recorded]
    assert [item.text for item in found] == ["User Test Comment 004", "Admin Test Comment 004"]
    assert [item.author_handle for item in found] == [None, "acto-uk"]
    assert {item.author_name for item in found} == {None} and all(item.author_id for item in found)
    assert str(found[0].created_at) == "2023-08-11 08:38:42.924000+00:00" and found[0].edited_at is None
    assert [reply_count(entry) for entry in recorded] == [2, 2]


def test_a_documented_comment_without_a_urn_gets_one(shared: Path) -> None:
    """The id alone is unique in its thread only."""
    activity = body(shared, "dma_comment_create.json")["activity"]
    found = comment(activity, US, thread_id=POST)
    assert isinstance(found, Item) and found.text == "What a lovely event!"
    assert found.id == "urn:li:comment:(urn:li:ugcPost:123456789,123456789)" and found.kind == "comment"


def test_half_a_comment_is_put_aside(shared: Path) -> None:
    """The documented body of an edit holds its new text only: it is no comment that could be told from others."""
    found = comment(body(shared, "dma_comment_edit_partial_update.json")["activity"], US, thread_id=POST)
    assert isinstance(found, Rejected) and found.id is None and "it has no URN" in found.reason


def test_the_sandbox_answers_in_the_recorded_shape(shared: Path, serve: Any) -> None:
    """A connector that works against the sandbox must find the same keys out there."""
    sandbox = serve(page_rows(comments={0: 1}, replies={(0, 0): 2}))
    headers = {
        "Authorization": f"Bearer {sandbox.key}",
        "Linkedin-Version": "202512",
        "X-Restli-Protocol-Version": "2.0.0",
    }
    list(pages(sandbox))
    path = next(call.path for call in sandbox.requests if "/comments" in call.path)
    shown = requests.get(sandbox.base_url + path, headers=headers, timeout=5).json()
    recorded = body(shared, "post_comments_recorded_2023.json")
    assert set(shown["paging"]) == set(recorded["paging"])
    assert set(shown["elements"][0]) == set(recorded["elements"][0])
    for part in ("created", "lastModified", "message", "commentsSummary"):
        assert set(shown["elements"][0][part]) == set(recorded["elements"][0][part])
    assert comment_key(shown["elements"][0]) == comment_urn(0, 0)
    summary = requests.get(sandbox.base_url + path.split("/comments")[0], headers=headers, timeout=5).json()
    documented = body(shared, "social_actions_summary_recorded_2025.json")
    assert set(summary) == set(documented)
    for part in ("likesSummary", "commentsSummary"):
        assert set(summary[part]) == set(documented[part])


def test_documented_refusals_have_their_sentence(shared: Path, serve: Any) -> None:
    """samples/documented/linkedin/errors.json, each at the call for posts."""
    documented = body(shared, "errors.json")
    sentences = []
    for one in documented:
        sandbox = serve(page_rows())
        sandbox.fault(r"/rest/posts\?", Answer(one["http"], one["body"]), times=None)
        with pytest.raises(Refused) as caught:
            list(pages(sandbox))
        sentences.append(str(caught.value))
        assert one["body"]["message"] not in sentences[-1]
    words = ("does not accept the token", "midnight UTC", "set version", "r_organization_social_feed")
    assert len(documented) == 4
    assert [word for word, sentence in zip(words, sentences, strict=True) if word not in sentence] == []


def test_recorded_refusals_of_the_old_interface_are_sentences(shared: Path, serve: Any) -> None:
    """The cassettes of a /v2 client hold no posts and no comments, but refusals, as LinkedIn's gateway writes them."""
    seen = 0
    for path in sorted((shared / CASSETTES).glob("*.yml")):
        for interaction in yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]:
            status, text = interaction["response"]["status"]["code"], interaction["response"]["body"]["string"]
            if status < 400:
                continue
            sandbox = serve(page_rows())
            sandbox.fault(r"/rest/posts\?", Answer(status, text), times=None)
            with pytest.raises(SourceError) as caught:
                list(pages(sandbox))
            kind = Refused if status < 429 else Transient
            assert isinstance(caught.value, kind) and not isinstance(caught.value, PassOver), path.name
            assert str(caught.value).endswith("."), path.name
            seen += 1
    assert seen > 10


def test_our_own_number_decides_who_we_are() -> None:
    """An organization that is not ours is somebody else, and `company` is the older word for one."""
    assert Ourselves("18273645", "acto-uk").handle_of(OWN) == "acto-uk"
    assert US.handle_of("urn:li:company:96072893") == "acto-uk"
    assert US.handle_of(OWN) is None and US.handle_of("urn:li:person:96072893") is None
