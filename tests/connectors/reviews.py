"""Invented review profiles for the tests of Google, Trustpilot and Yelp, and ways to read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from connectors import google, trustpilot, yelp
from connectors.item import Page
from connectors.sandbox import Sandbox
from connectors.sandbox.google import ACCOUNT, LOCATION
from connectors.sandbox.trustpilot import UNIT
from connectors.sandbox.yelp import BUSINESS
from connectors.source import Source, Window
from tests.connectors.memory import Memory
from tests.connectors.story import BEGIN, Pauses, Row, items, row

MODULES: dict[str, ModuleType] = {"google": google, "trustpilot": trustpilot, "yelp": yelp}
KEYS = {
    "google": {"account_id": ACCOUNT, "location_id": LOCATION},
    "trustpilot": {"business_unit_id": UNIT},
    "yelp": {"business_id": BUSINESS},
}


def name(platform: str, number: object) -> str:
    """The id of an invented review."""
    return f"locations/{LOCATION}/reviews/r{number}" if platform == "google" else f"r{number}"


def review(platform: str, number: int, minutes: int | None = None, **more: Any) -> Row:
    """Review r<number>, written `minutes` after BEGIN (default: its number)."""
    about = {"platform": platform, "rating": 4, "author": {"id": f"u{number}", "name": f"Reviewer {number}"}}
    return row(name(platform, number), "review", None, number if minutes is None else minutes, **(about | more))


def reply(platform: str, number: int, minutes: int, **more: Any) -> Row:
    """The owner's reply to review r<number>."""
    parent = name(platform, number)
    return row(
        f"{parent}/reply", "review_reply", parent, minutes, **({"platform": platform, "text": "Thank you"} | more)
    )


def profile(platform: str, reviews: int) -> list[Row]:
    """Reviews r0…, one a minute."""
    return [review(platform, number) for number in range(reviews)]


def source(sandbox: Sandbox, platform: str, **more: Any) -> Source:
    """The sandbox's profile as a configured source."""
    keys = KEYS[platform] | more.pop("keys", {})
    return Source("profile", platform, keys, **({"secret": sandbox.key, "base_url": sandbox.base_url} | more))


def pages(
    sandbox: Sandbox, platform: str, window: Window | None = None, read_from: Source | None = None, **manners: Any
) -> Iterator[Page]:
    """Read the sandbox's profile."""
    module, read_from = MODULES[platform], read_from or source(sandbox, platform)
    with module.connect(read_from, **{"sleep": Pauses(), **manners}) as http:
        yield from module.read(read_from, window or Window(), http)


def known(sandbox: Sandbox, platform: str, *due: str) -> Memory:
    """The history after a first pass over everything, with `due` for the next one; the calls so far are forgotten."""
    memory = Memory(*due)
    memory.remember(pages(sandbox, platform))
    sandbox.requests.clear()
    return memory


def next_window(memory: Memory, **more: Any) -> Window:
    """What the next nightly pass is asked for: what is new since some hours, and what is due."""
    return Window(**({"since": at(60 * 24), "known": memory, "bookmark": memory.bookmark} | more))


def at(minutes: float) -> datetime:
    """`minutes` after BEGIN."""
    return BEGIN + timedelta(minutes=minutes)


def numbers(read: list[Page]) -> list[str]:
    """The reviews r<number> that were handed on, in order, without the part of their ids that is the same."""
    return [one.rsplit("/r", 1)[-1].removeprefix("r") for one, item in items(read).items() if item.kind == "review"]


def said(read: list[Page]) -> str:
    """All gap sentences."""
    return " ".join(gap for page in read for gap in page.gaps)


def google_answer(sandbox: Sandbox) -> dict[str, Any]:
    """What the sandbox answers to an honest call for Google's reviews, to be broken by a test."""
    with google.connect(source(sandbox, "google")) as http:
        body: dict[str, Any] = http.request("GET", f"{google.HOST}/v4/accounts/-/locations/{LOCATION}/reviews").json()
    sandbox.requests.clear()
    return body
