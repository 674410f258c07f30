"""The parsers of Google, Trustpilot and Yelp over what the platforms answered or document (files beside the checkout)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.errors import Refused, Transient
from connectors.google import items as google_items
from connectors.item import Item, Rejected
from connectors.sandbox import Answer
from connectors.trustpilot import items as trustpilot_items
from connectors.yelp import items as yelp_items
from tests.connectors.reviews import pages, profile, said
from tests.connectors.story import items

DOCUMENTED = "samples/documented"
GOOGLE = f"{DOCUMENTED}/google_business"


def body(shared: Path, name: str) -> Any:
    return json.loads((shared / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "reviews", "replies"),
    [
        ("reviews_list_documented.json", 2, 1),
        ("reviews_list_recorded_ids_star_only.json", 2, 1),
        ("reviews_list_with_null_element.json", 2, 1),
    ],
)
def test_googles_reviews_are_items(shared: Path, name: str, reviews: int, replies: int) -> None:
    """Every entry but null, with its reply; real ids, stars alone, nobody's name."""
    listed = body(shared, f"{GOOGLE}/{name}")["reviews"]
    read = [one for entry in listed for one in google_items.review(entry)]
    found = [one for one in read if isinstance(one, Item)]
    assert len(found) == len(read) == reviews + replies
    assert sum(entry is not None for entry in listed) == sum(item.kind == "review" for item in found)
    entries = {entry["name"].split("/", 2)[-1]: entry for entry in listed if entry}
    for item in found:
        entry = entries[item.id.removesuffix("/reply")]
        if item.kind == "review":
            assert item.text == entry.get("comment", "") and item.rating and item.created_at
            assert item.author_name == entry["reviewer"].get("displayName")
        else:
            assert item.text == entry["reviewReply"]["comment"] and item.created_at and not item.hidden


@pytest.mark.parametrize("name", ["reviews_list_documented.json", "reviews_list_with_null_element.json"])
def test_googles_number_of_reviews_is_believed(shared: Path, serve: Any, name: str) -> None:
    """Two of 47, or of 777: the report says that the others are missing."""
    sandbox = serve([])
    sandbox.fault(r"/reviews\?", Answer(200, body(shared, f"{GOOGLE}/{name}")))
    sandbox.fault("pageToken", Answer(200, {}))
    read = list(pages(sandbox, "google"))
    assert len(read) == 2 and "but showed us 2 of them" in said(read) and not read[-1].listed


def test_googles_documented_refusals_have_their_sentence(shared: Path, serve: Any) -> None:
    """The quota of 0, a missing permission, a location that is not there."""
    sentences = []
    for one in body(shared, f"{GOOGLE}/errors.json"):
        sandbox = serve(profile("google", 1))
        sandbox.fault("/reviews", Answer(one["http"], one["body"]), times=None)
        with pytest.raises(Refused) as caught:
            list(pages(sandbox, "google"))
        assert len(sandbox.requests) == 1
        sentences.append(str(caught.value))
    for word, sentence in zip(("access request form", "owner or manager", "not verified"), sentences, strict=True):
        assert word in sentence


@pytest.mark.parametrize("name", ["service_reviews_documented.json", "service_reviews_null_fields_2023.json"])
def test_trustpilots_reviews_are_items(shared: Path, serve: Any, name: str) -> None:
    """Each review with its reply, also one whose title, text and language are null and whose id is a number."""
    listed = body(shared, f"{DOCUMENTED}/trustpilot/{name}")
    sandbox = serve([])
    sandbox.fault("/reviews", Answer(200, listed))
    read = list(pages(sandbox, "trustpilot"))
    found = list(items(read).values())
    replies = sum(bool(entry.get("companyReply")) for entry in listed["reviews"])
    assert len(found) == len(listed["reviews"]) + replies == 2 and not read[-1].rejected
    entry, review = listed["reviews"][0], found[0]
    assert (review.id, review.rating) == (str(entry["id"]), entry["stars"] or None)
    assert review.text == "\n\n".join(filter(None, (entry["title"], entry["text"])))
    assert review.created_at and review.created_at.utcoffset() is not None and review.edited_at is None
    assert found[1].text == entry["companyReply"]["text"]


def test_trustpilots_recorded_events_hold_reviews(shared: Path) -> None:
    """Real reviews as the webhook tells them, with a title that Trustpilot made by cutting the text."""
    name = "samples/trustpilot/lindar-open__trustpilot-client/src/test/resources/trustpilot-review-events.json"
    recorded = [event["eventData"] for event in body(shared, name)["events"]]
    found = [one for entry in recorded for one in trustpilot_items.review(entry) if isinstance(one, Item)]
    assert len(found) == len(recorded) == 2
    for entry, item in zip(recorded, found, strict=True):
        assert (item.id, item.rating, item.author_id) == (entry["id"], entry["stars"], entry["consumer"]["id"])
        assert item.text == f"{entry['title']}\n\n{entry['text']}" and item.created_at


def test_yelps_documented_refusals_have_their_sentence(shared: Path, serve: Any) -> None:
    """The day's limit with its headers, too many calls a second, a wrong token, an unknown business."""
    sentences = []
    for one in body(shared, f"{DOCUMENTED}/yelp/errors.json"):
        sandbox = serve(profile("yelp", 1))
        sandbox.fault("/reviews", Answer(one["http"], one["body"], one.get("headers", {})), times=None)
        with pytest.raises((Refused, Transient)) as caught:
            list(pages(sandbox, "yelp"))
        sentences.append(str(caught.value))
    words = (
        "300 calls is used up; it is renewed at 00:00 UTC on 23 November",
        "answered 429, 4 times",
        "the key",
        "business_id",
    )
    for word, sentence in zip(words, sentences, strict=True):
        assert word in sentence


def test_yelps_recorded_reviews_are_of_an_older_api(shared: Path) -> None:
    """The recordings are of 2015 (API v2): their excerpts are not mistaken for today's, and not lost without a word."""
    folder = shared / "samples/yelp/Yelp__yelp-ruby/spec/fixtures/vcr_cassettes"
    recorded = []
    for path in sorted(folder.glob("*.yml")):
        for call in yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"]:
            recorded += json.loads(call["response"]["body"]["string"]).get("reviews", [])
    read = [yelp_items.review(entry) for entry in recorded]
    assert len(read) == 2 and all(isinstance(one, Rejected) and one.id for one in read)
    assert {one.reason for one in read if isinstance(one, Rejected)} == {
        "A Yelp review could not be read: it has no text."
    }
