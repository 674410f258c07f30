"""The sandbox's feed and page of reviews: what a reader that was not written for them makes of them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
import requests
from lxml import html

from connectors.sandbox import Sandbox
from connectors.sandbox.feed import ENTRIES
from connectors.sandbox.server import STORIES
from connectors.sandbox.webpage import REVIEWS_A_PAGE, least_calls
from connectors.sandbox.world import END
from tests.connectors.story import BEGIN
from tests.connectors.web_story import ATOM, REVIEWS, RSS, a_review, entries, entry, only_page, reviews


def get(sandbox: Sandbox, path: str, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"{sandbox.base_url}{path}", headers=named, timeout=5)


@pytest.mark.parametrize(("path", "version"), [("/feed.xml", "atom10"), ("/rss.xml", "rss20")])
def test_a_feed_is_one_for_any_reader(serve: Any, path: str, version: str) -> None:
    """A connector proved on a feed that no blog would send is proved on nothing."""
    one = entry("e0", 0, title="A & B", text='<b>"Hello"</b>\n&amp; more', link="https://b.example/?a=1&b=2")
    answer = get(serve([one]), path)
    ElementTree.fromstring(answer.content)  # noqa: S314
    read = feedparser.parse(answer.content)
    assert (read.version, bool(read.bozo), len(read.entries)) == (version, False, 1)
    shown = read.entries[0]
    assert (shown.id, shown.link, shown.author) == (one["id"], "https://b.example/?a=1&b=2", "Author of e0")
    assert shown.published_parsed[:5] == (2026, 10, 1, 9, 0)
    assert html.fromstring(f"<div>{shown.summary}</div>").xpath("//p/text()") == ['<b>"Hello"</b>', "&amp; more"]


@pytest.mark.parametrize("path", ["/feed.xml", "/rss.xml"])
def test_a_feed_shows_its_newest_entries_only(serve: Any, path: str) -> None:
    """The oldest fall off the end, deleted and hidden ones are not there, edits show in place."""
    rows = entries(ENTRIES + 5, edits=[{"at": "2026-10-09T12:00:00Z", "text": "Changed"}])
    rows[-1]["deleted"], rows[-2]["hidden"] = "2026-10-05T00:00:00Z", "2026-10-05T00:00:00Z"
    sandbox = serve(rows)
    sandbox.at(BEGIN.date().replace(day=6))
    shown = [one.title for one in feedparser.parse(get(sandbox, path).content).entries]
    assert shown == [f"Entry {n}" for n in reversed(range(3, ENTRIES + 3))]
    sandbox.at(BEGIN.date().replace(day=10))
    assert "Changed" in feedparser.parse(get(sandbox, path).content).entries[0].summary


@pytest.mark.parametrize("path", ["/feed.xml", "/rss.xml", "/reviews.html"])
def test_what_has_not_changed_is_not_sent_again(serve: Any, path: str) -> None:
    """A connector that asks wrongly must get all of it, as out there."""
    sandbox = serve([*entries(2), *reviews(2)])
    first = get(sandbox, path)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f'"x", W/{etag}'}, {"If_Modified_Since": changed}):
        again = get(sandbox, path, **headers)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    for headers in (
        {"If_None_Match": '"x"', "If_Modified_Since": changed},
        {"If_Modified_Since": "Thu, 01 Jan 2026 00:00:00 GMT"},
    ):
        assert get(sandbox, path, **headers).status_code == 200
    sandbox.at(BEGIN)
    assert get(sandbox, path, If_None_Match=etag).status_code == 200


def test_reviews_are_described_twice_and_paged(serve: Any) -> None:
    """JSON-LD and microdata say the same; the next page is named until the last; others do not exist."""
    sandbox = serve([*reviews(REVIEWS_A_PAGE + 2), a_review("x</script>", 40, text="</script> & <b>", title="T")])
    first = html.fromstring(get(sandbox, "/reviews.html").content)
    data = json.loads(first.xpath("string(//script)"))
    assert len(data["review"]) == REVIEWS_A_PAGE and data["aggregateRating"]["reviewCount"] == "13"
    assert data["review"][0]["reviewBody"] == "</script> &amp; <b>".replace("<", "&lt;").replace(">", "&gt;")
    assert first.xpath("//*[@itemprop='reviewBody']/text()")[0] == "</script> & <b>"
    assert len(first.xpath("//*[@itemtype='https://schema.org/Review']")) == REVIEWS_A_PAGE
    assert first.xpath("//link[@rel='next']/@href") == ["?page=2"]
    last = html.fromstring(get(sandbox, "/reviews.html?page=2").content)
    assert len(last.xpath("//*[@itemprop='review']")) == 3 and not last.xpath("//link[@rel='next']")
    assert [get(sandbox, f"/reviews.html?page={n}").status_code for n in ("3", "0", "x")] == [404] * 3


def test_no_reviews_is_a_page_all_the_same(serve: Any) -> None:
    """A new directory entry."""
    page = html.fromstring(get(serve([]), "/reviews.html").content)
    assert json.loads(page.xpath("string(//script)"))["review"] == []


@pytest.mark.parametrize(
    ("days", "due", "calls"), [(None, (), 5), (36, (), 1), (35, (), 2), (32, ("r8",), 4), (100, (), 1), (0, (), 5)]
)
def test_the_least_number_of_calls(serve: Any, days: int | None, due: tuple[str, ...], calls: int) -> None:
    """What the connector is measured by: 45 reviews on five pages; a page that ends in the window needs the next one."""
    presence = serve(reviews(45)).world.presence("webpage")
    assert least_calls(presence, None if days is None else BEGIN + timedelta(days=days), due) == calls


@pytest.mark.parametrize(("url", "rows"), [(ATOM, "feed.jsonl"), (RSS, "feed.jsonl"), (REVIEWS, "webpage.jsonl")])
def test_the_months_story_is_read_whole(serve: Any, url: str, rows: str) -> None:
    """The demo's month has something new and something changed on its last night, and the connectors miss none of it."""
    written = [json.loads(line) for line in (STORIES / rows).read_text(encoding="utf-8").splitlines()]
    assert all("2026-10-23" <= one["posted"] < END.isoformat() for one in written)
    sandbox = serve(written)
    last = {item.id: item for item in only_page(sandbox, url).items}
    sandbox.rewind(nights=1)
    page = only_page(sandbox, url)
    before = {item.id: item for item in page.items}
    assert not page.gaps and not page.rejected and len(last) == sum(one["deleted"] is None for one in written) >= 10
    assert len(set(last) - set(before)) == 1
    assert [
        last[name].text.startswith(item.text)
        for name, item in before.items()
        if name in last and last[name].text != item.text
    ] == [True]
