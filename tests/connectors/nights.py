"""Two nights of the sandbox's month on one platform, read as the nightly job does, and how many calls the second took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from connectors.item import Item, Page
from connectors.registry import PLATFORMS
from connectors.sandbox import Sandbox, last_night
from connectors.sandbox.presences import KEYS
from connectors.sandbox.world import Presence
from connectors.source import Source, Window
from tests.connectors.memory import Memory
from tests.connectors.story import Pauses

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Night:
    """What the second night gave: items by id, calls made, and the least that could have done it."""

    items: dict[str, Item]
    replies: int
    edited: int
    gone: int
    gaps: list[str]
    calls: int
    least: int


def second_night(platform: str) -> Night:
    """Read the whole month as of the last night but one, then what the last night asks for."""
    module = import_module(f"connectors.{platform}")
    sandbox_module = import_module(f"connectors.sandbox.{platform}")
    known = Memory()
    with Sandbox(ending=last_night(datetime.now(UTC))) as sandbox:
        secret = sandbox.key if PLATFORMS[platform].secret_variable else None
        source = Source(platform, platform, KEYS[platform], secret, sandbox.base_url)
        sandbox.rewind(nights=1)
        before = known.remember(_read(module, source, Window(known=known)))
        held = {item.id: item for page in before for item in page.items}
        sandbox.rewind(nights=0)
        presence = sandbox.world.presence(platform)
        begun = len(sandbox.requests)
        known.scheduled = _active(held, presence)
        since = presence.now - timedelta(days=PLATFORMS[platform].listed_for_days)
        pages = list(_read(module, source, Window(since=since, bookmark=known.bookmark, known=known)))
        calls = len(sandbox.requests) - begun
        items = {item.id: item for page in pages for item in page.items}
        changed = {item.thread_id or name for name, item in items.items() if name not in held}
        least = sandbox_module.least_calls(presence, since, known.scheduled | changed)
    confirmed = {gone.id for page in pages for gone in page.gone}
    read_whole = {thread.id for page in pages for thread in page.threads}
    missing = {
        name
        for name, item in held.items()
        if name not in items and (name in confirmed or item.thread_id in read_whole or _is_listed(item, pages))
    }
    return Night(
        items=items,
        replies=sum(item.kind in {"reply", "review_reply"} for item in items.values()),
        edited=sum(name in held and held[name].text != item.text for name, item in items.items()),
        gone=len(missing),
        gaps=[gap for page in pages for gap in page.gaps],
        calls=calls,
        least=least,
    )


def _read(module: Any, source: Source, window: Window) -> list[Page]:
    with module.connect(source, sleep=Pauses()) as http:
        return list(module.read(source, window, http))


def _active(held: dict[str, Item], presence: Presence) -> set[str]:
    """The threads in which something happened in the last week: the schedule has them read on every scan."""
    return {
        item.thread_id or item.id
        for item in held.values()
        if item.created_at is not None and item.created_at >= presence.now - WEEK
    }


def _is_listed(item: Item, pages: list[Page]) -> bool:
    return any(
        item.kind in listed.kinds and (listed.since is None or (item.created_at and item.created_at >= listed.since))
        for page in pages
        for listed in page.listed
    )


def main() -> None:
    """Print a line for each platform."""
    print("platform     items replies edited  gone calls least")
    for platform in KEYS:
        night = second_night(platform)
        print(
            f"{platform:12}{len(night.items):6}{night.replies:8}{night.edited:7}{night.gone:6}{night.calls:6}{night.least:6}"
            f"  {' '.join(night.gaps)}"
        )


if __name__ == "__main__":
    main()
