"""The calls to LinkedIn's versioned REST interface that we make, each one GET."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.errors import Transient
from connectors.http import Http
from connectors.json_values import count_or_none, entries, mapping_or_empty, text_or_none
from connectors.linkedin.refusals import refusal
from connectors.linkedin.urns import encoded
from connectors.listing import Sent

HOST = "https://api.linkedin.com"
A_PAGE = 100
NOT_OURS = "LinkedIn answered with something that is not what we asked for."


class Api:
    """LinkedIn over `http`, in one `version` (YYYYMM). URNs must have been checked (`linkedin_urns`).

    Every call raises Refused where none of the pass can succeed, LinkedInError where this one is refused, Transient where
    the answer is not of the right shape, and what `Http.request` raises.
    """

    def __init__(self, http: Http, version: str) -> None:
        self._http = http
        self._version = version

    def posts(self, author: str) -> Elements:
        """The posts of an organization, those that were changed last first."""
        return Elements(self, f"/posts?q=author&author={encoded(author)}&sortBy=LAST_MODIFIED")

    def comments(self, urn: str) -> Elements:
        """The comments on a post, or the replies to a comment."""
        return Elements(self, f"/socialActions/{encoded(urn)}/comments")

    def notifications(self, organization: str, actions: Sequence[str]) -> Elements:
        """What happened on an organization's page in the last 60 days."""
        # Rest.li 2.0 wants the parentheses and commas of a list as they are, and only its values encoded.
        wanted = f"actions=List({','.join(actions)})&organizationalEntity={encoded(organization)}"
        return Elements(self, f"/organizationalEntityNotifications?q=criteria&{wanted}")

    def post(self, urn: str) -> dict[str, Any]:
        """One post."""
        return self.get(f"/posts/{encoded(urn)}")

    def comment(self, under: str, number: str) -> dict[str, Any]:
        """One comment or reply, by the two parts of its URN."""
        return self.get(f"/socialActions/{encoded(under)}/comments/{encoded(number)}")

    def organization(self, number: str) -> dict[str, Any]:
        """The page itself."""
        return self.get(f"/organizations/{encoded(number)}")

    def get(self, path: str) -> dict[str, Any]:
        """The JSON object that answers."""
        headers = {"Linkedin-Version": self._version, "X-Restli-Protocol-Version": "2.0.0"}
        answer = self._http.request("GET", f"{HOST}/rest{path}", headers=headers)
        if answer.status_code >= 300:
            raise refusal(answer, self._version)
        try:
            body = json.loads(answer.content)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Transient(NOT_OURS)
        return body


class Elements:
    """A paged list, as `listing.walk` wants it; `totals` are the numbers of entries that LinkedIn gave with its pages."""

    def __init__(self, api: Api, path: str) -> None:
        self._api = api
        self._path = path
        self.totals: list[int] = []

    @property
    def total(self) -> int | None:
        """The number of entries in the whole list, where LinkedIn gives it."""
        return self.totals[-1] if self.totals else None

    @property
    def has_moved(self) -> bool:
        """Whether entries came or went while the list was read: those that moved up a page may have been missed."""
        return len(set(self.totals)) > 1

    def __call__(self, token: str | None) -> Sent:
        """The page that begins at `token`, the number of entries before it."""
        start = int(token or 0)
        joint = "&" if "?" in self._path else "?"
        body = self._api.get(f"{self._path}{joint}start={start}&count={A_PAGE}")
        found, paging = body.get("elements"), mapping_or_empty(body, "paging")
        if not isinstance(found, list):
            raise Transient(NOT_OURS)
        total = count_or_none(paging, "total")
        if total is not None:
            self.totals.append(total)
        granted = count_or_none(paging, "count")
        full = min(granted or A_PAGE, A_PAGE)
        # LinkedIn may grant fewer than we ask for: what it does not say, the number of entries tells.
        counted_out = granted is None and total is not None and found
        size = len(found) if counted_out else max(len(found), full)
        linked = _linked(paging, start, size)
        if linked is not None:
            return found, str(linked)
        # A page may be short although more follow: entries that the token may not see are left out of it.
        goes_on = len(found) >= full if total is None else start + size < total
        return found, str(start + size) if goes_on else None


def _linked(paging: Any, start: int, size: int) -> int | None:
    """Where the link to the next page begins; only that number is taken from it, never its address."""
    for one in entries(paging, "links"):
        if text_or_none(one, "rel") == "next":
            try:
                begins = int(parse_qs(urlsplit(text_or_none(one, "href") or "").query)["start"][0])
            except (KeyError, ValueError):
                return start + size
            return begins if begins > start else start + size
    return None
