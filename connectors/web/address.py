"""The address of a feed or web page: read from acto.toml, called, and not called in vain where nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from connectors.errors import Refused
from connectors.http import Http
from connectors.source import Source, Window

# What a server says of the version that it sends, and how to ask whether it is still the same (RFC 9110, 8.8 and 13.1).
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
LONGEST_VALIDATOR = 1000
REFUSALS = {
    **dict.fromkeys(
        (301, 302, 303, 307, 308),
        "{host} sends us on to another address, which we do not follow: open the url of this source in a browser and put "
        "the address that it ends at into acto.toml as its url.",
    ),
    **dict.fromkeys(
        (401, 402, 403, 407, 451),
        "{host} does not let programs read this address: ask those who run it, or take the source out of acto.toml.",
    ),
    **dict.fromkeys(
        (404, 410), "{host} has nothing at this address any more: look at the url of this source in acto.toml."
    ),
}
OTHERWISE = "{host} answered {status} instead of what we asked for: look at the url of this source in acto.toml."


def address_of(source: Source) -> str:
    """The `url` of a source, with a path and without a fragment.

    Raises Refused unless it is an address of the web; one with a user name or a password in it would show them.
    """
    written = source.keys["url"].strip()
    try:
        parts = urlsplit(written)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or "\\" in written or not written.isprintable() or " " in written:
        raise Refused(
            f"[sources.{source.name}] in acto.toml: url must begin with https:// or http:// and be the address of a page, "
            "without a user name or a password in it."
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def connect(source: Source, **manners: Any) -> Http:
    """The way to the host of the source's `url`; no secret goes there. `manners` are those of `Http`.

    Raises Refused as `address_of` does.
    """
    parts = urlsplit(address_of(source))
    return Http({}, host=f"{parts.scheme}://{parts.netloc}", base_url=source.base_url, **manners)


def fetch(http: Http, address: str, conditions: Mapping[str, str] | None = None) -> requests.Response:
    """What is at `address`, with status 200; or 304 where it has not changed under these `conditions`.

    Raises Refused for any other answer, and what `Http.request` raises.
    """
    answer = http.request("GET", address, headers=conditions)
    if answer.status_code == 200 or (answer.status_code == 304 and conditions):
        return answer
    sentence = REFUSALS.get(answer.status_code, OTHERWISE)
    raise Refused(sentence.format(host=urlsplit(address).hostname, status=answer.status_code))


def conditions(address: str, window: Window) -> dict[str, str]:
    """The headers that ask for `address` only if it has changed since the pass that left `window.bookmark`.

    There are none where that pass read another address, or not as far back as this one is to.
    """
    left = window.bookmark or {}
    if left.get("address") != address or not _covers(left.get("since"), window.since):
        return {}
    return {
        asked: left[name] for name, asked in VALIDATORS.items() if isinstance(left.get(name), str) and _fits(left[name])
    }


def bookmark(address: str, window: Window, answer: requests.Response) -> dict[str, Any]:
    """What the next pass needs to know, once all of `answer` that belongs to `window` has been handed on."""
    told = {name: answer.headers[name] for name in VALIDATORS if _fits(answer.headers.get(name, ""))}
    return {**told, "address": address, "since": window.since.isoformat() if window.since else None}


def web_link(written: object) -> str | None:
    """`written` where it is an address that a browser may open; None for anything else (`javascript:` …)."""
    if not isinstance(written, str):
        return None
    link = written.strip()
    return link if link.lower().startswith(("https://", "http://")) and link.isprintable() else None


def _covers(since: object, wanted: datetime | None) -> bool:
    if since is None:
        return True
    return wanted is not None and isinstance(since, str) and datetime.fromisoformat(since) <= wanted


def _fits(value: str) -> bool:
    return 0 < len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable() and value == value.strip()
