"""Keeping a secret: where it may travel, and clearing it from whatever comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import quote, quote_plus, urlsplit

import requests

from connectors.errors import Refused

SHORTEST = 8
CLEARED = "[secret]"


class Secrets:
    """The headers that carry a secret (`Authorization: Bearer …`, `X-Goog-Api-Key: …`), and every spelling of it.

    Raises Refused for a value that cannot be a header, or is too short to be told from ordinary words.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = dict(headers)
        words = [word for value in headers.values() for word in value.split(" ") if word not in {"Bearer", "OAuth"}]
        for word in words:
            if len(word) < SHORTEST or not word.isascii() or not word.isprintable():
                raise Refused(
                    "The key or token of this source is cut off, or holds a character that none has: copy it again."
                )
        spellings = {way(word) for word in words for way in (str, quote, quote_plus, _in_json)}
        self._spellings = sorted(spellings, key=len, reverse=True)

    def shown_in(self, text: str) -> bool:
        """Whether `text` holds a secret, in any spelling."""
        return any(spelling in text for spelling in self._spellings)

    def clear(self, answer: requests.Response, body: bytes) -> None:
        """Give `answer` its `body`, with every secret that the platform echoes replaced in body, headers and reason."""
        for spelling in self._spellings:
            body = body.replace(spelling.encode(), CLEARED.encode())
        answer._content, answer._content_consumed = body, True  # type: ignore[attr-defined]
        answer.reason = self._cleared(answer.reason or "")
        for name, value in answer.headers.items():
            answer.headers[name] = self._cleared(value)

    def _cleared(self, text: str) -> str:
        for spelling in self._spellings:
            text = text.replace(spelling, CLEARED)
        return text


def checked_base_url(base_url: str) -> str:
    """`base_url` without a closing slash. Raises Refused unless it is https, or http to this machine; one with a user name or
    a password in it would show them.
    """
    # A password may hold what ends the host's part of an address, so the @ behind it is looked for in all of it.
    if "@" in base_url:
        raise Refused("base_url in acto.toml must be an address without a user name or a password in it.")
    try:
        parts = urlsplit(base_url)
    except ValueError:
        raise Refused("base_url in acto.toml is not an address.") from None
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname))):
        return base_url.rstrip("/")
    raise Refused("base_url in acto.toml must begin with https:// (http:// only for this machine): the key would show.")


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is that of the machine itself (loopback)."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
