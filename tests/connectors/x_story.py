"""Invented posts on X for the connector tests, and ways to read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from connectors import x
from connectors.http import Http
from connectors.item import Page
from connectors.sandbox import Sandbox
from connectors.sandbox.x.endpoints import ACCOUNT, USER_ID, USERNAME
from connectors.sandbox.x.posts import BEGIN
from connectors.source import Source, Window
from connectors.x.client import ASKED
from tests.connectors.story import Pauses, Row

# X searches the last 7 days, by the clock of the day: the stories of these tests end now.
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = 24 * 60
_numbers = count(1)


def ago(minutes: float) -> datetime:
    """The time so many minutes ago."""
    return NOW - timedelta(minutes=minutes)


def an_id(moment: datetime, number: int = 0) -> str:
    """An id as X would have given it out at that moment."""
    return str(((moment - BEGIN) // timedelta(milliseconds=1) << 22) | number)


def row(minutes: float, who: str = "somebody", **more: Any) -> Row:
    """One row of a story, posted `minutes` ago by `who`: "acto_org" is the account that is watched."""
    moment, number = ago(minutes), next(_numbers)
    author = (
        ACCOUNT if who == USERNAME else {"id": str(10_000 + sum(map(ord, who))), "name": who.title(), "handle": who}
    )
    return {
        "platform": "x",
        "id": an_id(moment, number),
        "kind": "post",
        "parent": None,
        "author": author,
        "text": f"This is number {number}",
        "posted": moment.isoformat(),
    } | more


def ours(minutes: float, **more: Any) -> Row:
    """A post of the account."""
    return row(minutes, USERNAME, **more)


def mention(minutes: float, who: str = "somebody", **more: Any) -> Row:
    """Somebody's post that names the account."""
    return row(minutes, who, **{"text": "Have a look at @acto_org", **more})


def edited(minutes: float, text: str) -> dict[str, Any]:
    """An edit made so many minutes ago."""
    return {"at": ago(minutes).isoformat(), "text": text}


def source(sandbox: Sandbox, **keys: str) -> Source:
    """The sandbox's account as a configured source."""
    secret = keys.pop("secret", sandbox.key)
    return Source("bird", "x", {"user_id": USER_ID, "username": USERNAME, **keys}, secret, sandbox.base_url)


def connect(sandbox: Sandbox, **manners: Any) -> Http:
    """The way to the sandbox's account, without real pauses."""
    return x.connect(source(sandbox), **{"sleep": Pauses(), **manners})


def pages(sandbox: Sandbox, window: Window | None = None, *, keys: Any = None, **manners: Any) -> Iterator[Page]:
    """Read the sandbox's account."""
    with connect(sandbox, **manners) as http:
        yield from x.read(source(sandbox, **(keys or {})), window or Window(), http)


def calls(sandbox: Sandbox) -> list[str]:
    """The endpoints called, in order, by their last word."""
    names = [call.path.split("?")[0].rsplit("/", 1)[-1] for call in sandbox.requests]
    lookups = [call.path.startswith("/2/tweets?") for call in sandbox.requests]
    return ["lookup" if lookup else name for name, lookup in zip(names, lookups, strict=True)]


def asked(sandbox: Sandbox, name: str) -> list[dict[str, str]]:
    """What each call of an endpoint asked for."""
    paths = [call.path for call, called in zip(sandbox.requests, calls(sandbox), strict=True) if called == name]
    return [dict(parse_qsl(path.partition("?")[2])) for path in paths]


def sandbox_answer(sandbox: Sandbox, what: str) -> dict[str, Any]:
    """What the sandbox answers for "mentions", "tweets" or "lookup:<ids>", to be broken by the test."""
    name, _, ids = what.partition(":")
    query = {key.replace("_", "."): value for key, value in ASKED.items()}
    query |= {"ids": ids} if ids else {"max_results": "100"}
    query |= {"exclude": "retweets"} if name == "tweets" else {}
    with connect(sandbox) as http:
        path = "tweets" if ids else f"users/{USER_ID}/{name}"
        told: dict[str, Any] = http.request("GET", f"{x.HOST}/2/{path}", params=query).json()
    sandbox.requests.clear()
    return told
