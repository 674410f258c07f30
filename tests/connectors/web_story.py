"""Invented feeds and pages of reviews for the connector tests, and ways to read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from connectors import feed, webpage
from connectors.http import Http
from connectors.item import Item, Listed, Page
from connectors.sandbox import Answer, Sandbox
from connectors.source import Source, Window
from tests.connectors.story import Pauses, Row, row

SITE = "https://acto.example"
ATOM, RSS, REVIEWS = (f"{SITE}/{name}" for name in ("feed.xml", "rss.xml", "reviews.html"))


def entry(name: str, minutes: int, **more: Any) -> Row:
    """One entry of the feed."""
    author = {"id": None, "name": f"Author of {name}", "handle": None}
    own = {"platform": "feed", "author": author, "text": f"This is {name}"}
    return row(f"tag:blog.example,2026:{name}", "post", None, minutes, **own) | more


def entries(count: int, **more: Any) -> list[Row]:
    """Entries e0, e1 … of the feed, an hour from one to the next."""
    return [entry(f"e{n}", 60 * n, title=f"Entry {n}", **more) for n in range(count)]


def a_review(name: str, days: int, **more: Any) -> Row:
    """One review, by an author of its own."""
    author = {"id": None, "name": f"Author of {name}", "handle": None}
    return row(name, "review", None, 1440 * days, platform="webpage", author=author, rating=4) | more


def reviews(count: int) -> list[Row]:
    """Reviews r0, r1 …, a day from one to the next."""
    return [a_review(f"r{n}", n) for n in range(count)]


def source(sandbox: Sandbox, url: str) -> Source:
    """A feed or page of the sandbox as a configured source."""
    return Source("web", "webpage" if ".html" in url else "feed", {"url": url}, None, sandbox.base_url)


def connector(url: str) -> ModuleType:
    """The connector that reads `url`."""
    return webpage if ".html" in url else feed


def connect(sandbox: Sandbox, url: str, **manners: Any) -> Http:
    """The way to the sandbox, without real pauses."""
    return connector(url).connect(source(sandbox, url), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, url: str, window: Window | None = None, **manners: Any) -> Iterator[Page]:
    """Read the feed or page."""
    with connect(sandbox, url, **manners) as http:
        yield from connector(url).read(source(sandbox, url), window or Window(), http)


def only_page(sandbox: Sandbox, url: str, window: Window | None = None) -> Page:
    """The one page that a pass over a feed or page of reviews makes."""
    (page,) = pages(sandbox, url, window)
    return page


def names(page: Page) -> list[str]:
    """Which of the story's rows the items are (their texts end with the name), in order."""
    return [item.text.rsplit(" ", 1)[-1] for item in page.items]


def answered(sandbox: Sandbox, url: str, body: str | bytes, *, status: int = 200, **headers: str) -> Page:
    """The page that comes of an answer with this body."""
    content_type = "text/html; charset=utf-8" if url == REVIEWS else "application/xml"
    sent = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
    sandbox.faults.clear()
    sandbox.fault(url.removeprefix(SITE), Answer(status, body, sent), times=None)
    return only_page(sandbox, url)


def atom(*inner: str) -> str:
    """An Atom feed of these entries (the inside of each)."""
    listed = "".join(f"<entry>{one}</entry>" for one in inner)
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{listed}</feed>'


def rss(*inner: str) -> str:
    """An RSS feed of these items (the inside of each)."""
    listed = "".join(f"<item>{one}</item>" for one in inner)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{listed}</channel></rss>'


def html(*scripts: Any, body: str = "", head: str = "") -> str:
    """A page with these scripts of JSON-LD; one that is no text is written as JSON."""
    written = [one if isinstance(one, str) else json.dumps(one) for one in scripts]
    listed = "".join(f'<script type="application/ld+json">{one}</script>' for one in written)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}{listed}</head><body>{body}</body></html>'


def node(**more: Any) -> dict[str, Any]:
    """A Review node."""
    return {"@type": "Review", "author": {"name": "Jo"}, "datePublished": "2026-11-01", "reviewBody": "Kind"} | more


def may_be_gone(page: Page, item: Item) -> bool:
    """Whether an item like this would be taken for gone, had the page not shown it."""
    return any(_covers(listed, item) for listed in page.listed)


def _covers(listed: Listed, item: Item) -> bool:
    after = listed.since is None or (item.created_at is not None and item.created_at >= listed.since)
    before = listed.until is None or (item.created_at is not None and item.created_at <= listed.until)
    return item.kind in listed.kinds and after and before
