"""facebook-sdk 3.1.0 on our own HTTP manners, for Facebook and Instagram, and its answers made safe to use.

The library is as its makers left it in 2020: it knows no version after 3.1, puts the token into every URL, takes no
notice of the HTTP status, breaks on a body that is not JSON, and its `get_all_connections` follows any address that an
answer names. So it gets no token, the version afterwards, and a session that hands it nothing but JSON objects of
answers that went well; lists are walked with the `after` cursor in a call of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import facebook
import requests

from connectors.errors import PassOver, Refused, Transient
from connectors.graph.errors import SIGNALS, GraphError, is_throttled, json_of, refusal_in
from connectors.graph.fields import Fields
from connectors.graph.rate import ROLLING_HOUR, seconds_to_open
from connectors.http import Http
from connectors.json_values import mapping_or_empty, text_or_none
from connectors.listing import PageOf, Sent
from connectors.source import Source

__all__ = ["GraphError", "connect_graph", "fetch", "graph", "page_of", "sent"]

# The library writes this host into each call; `Http` sends it where it belongs.
LIBRARY_HOST = "https://graph.facebook.com"
VERSION = "v25.0"
NOT_OURS = "Meta answered with something that is not what we asked for."
# How a next page is named where an answer gives its address without a cursor.
PLACES = {"after", "until", "since", "offset", "__paging_token", "__after_id", "__previous"}


def connect_graph(source: Source, host: str = LIBRARY_HOST, **manners: Any) -> Http:
    """The way to the Graph API at `host`, with the source's token in a header.

    `manners` (deadline, timeout, sleep) are those of `Http`. Raises Refused if the token cannot be one.
    """
    return Http(
        {"Authorization": f"Bearer {source.secret or ''}"},
        host=LIBRARY_HOST,
        base_url=source.base_url or host,
        signals=SIGNALS,
        **manners,
    )


def graph(http: Http, source: Source) -> facebook.GraphAPI:
    """The library's client on `http`, for the version that acto.toml asks for (`version`, v25.0 where it names none).

    Raises Refused for a version that cannot be one.
    """
    version = source.keys.get("version") or VERSION
    if not re.fullmatch(r"v[1-9][0-9]*\.[0-9]+", version, re.ASCII):
        raise Refused(f"version of [sources.{source.name}] in acto.toml must look like {VERSION}.")
    api = facebook.GraphAPI(access_token=None, session=_Session(http))
    # Given to the library itself, no version of two figures passes its check.
    api.version = version
    return api


def fetch(
    api: facebook.GraphAPI, node: str, edge: str = "", *, fields: Fields | str = "", **arguments: Any
) -> dict[str, Any]:
    """The JSON object under `/{node}` or `/{node}/{edge}`; ids of any content may be given.

    Where Meta refuses some of the `Fields`, the others are asked for.
    Raises GraphError for a refusal, PassOver where the limit of calls is reached, Transient where the answer is none,
    and what `Http.request` raises.
    """
    if node in {"", ".", ".."}:
        raise GraphError(400, 100, 33)
    path = quote(node, safe="")
    while True:
        asked = arguments | ({"fields": str(fields)} if fields else {})
        try:
            return dict(api.get_connections(path, edge, **asked) if edge else api.get_object(path, **asked))
        except GraphError as error:
            if not isinstance(fields, Fields) or not fields.do_without(error.code, error.subcode, error.message):
                raise


def page_of(
    api: facebook.GraphAPI,
    node: str,
    edge: str,
    *,
    told: Callable[[Mapping[str, Any]], None] = lambda answer: None,
    **arguments: Any,
) -> PageOf:
    """The pages of the list under `/{node}/{edge}`, for `listing.walk`; `limit` among the arguments is the page's size.

    A next page exists only while `paging.next` is there: pages may be short, or empty, before that. Where Meta finds a
    page too large, smaller ones are asked for from then on. `told` is given each answer as a whole.
    Raises what `fetch` raises.
    """
    wanted = dict(arguments)

    def page(token: str | None) -> Sent:
        while True:
            try:
                answer = fetch(api, node, edge, **(wanted | _place(token)))
            except GraphError as error:
                if not error.too_much_at_once or wanted.get("limit", 0) < 10:
                    raise
                wanted["limit"] //= 4
            else:
                told(answer)
                return sent(answer)

    return page


def sent(answer: Mapping[str, Any]) -> Sent:
    """The page of a list that `answer` is. Raises Transient where it is none."""
    entries, paging = answer.get("data"), answer.get("paging", {})
    if not isinstance(entries, list) or not isinstance(paging, Mapping):
        raise Transient(NOT_OURS)
    following = paging.get("next")
    if following is None:
        return entries, None
    after = text_or_none(mapping_or_empty(paging, "cursors"), "after")
    token = urlencode({"after": after}) if after else _place_in(following)
    if not token:
        raise Transient(NOT_OURS)
    return entries, token


class _Session:
    """What the library takes for a `requests.Session`: it never sees a refusal, nor anything but a JSON object."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def request(
        self, method: str, url: str, params: Mapping[str, Any] | None = None, **_ideas_of_the_library: Any
    ) -> requests.Response:
        """Send one call of the library. Raises GraphError, PassOver or Transient where the answer is no good."""
        path = url.removeprefix(facebook.FACEBOOK_GRAPH_URL)
        answer = self._http.request(method, f"{LIBRARY_HOST}/{path}", params=params)
        error = refusal_in(answer)
        if error is not None and is_throttled(error):
            minutes = (seconds_to_open(answer) or ROLLING_HOUR) / 60
            raise PassOver(
                f"The calls that Meta allows us are used up; it opens again in about {minutes:.0f} minutes, and asking "
                "before that would only lengthen the wait."
            )
        if error is not None:
            raise error
        if not isinstance(json_of(answer), dict):
            raise Transient(NOT_OURS)
        return answer


def _place(token: str | None) -> dict[str, str]:
    return dict(parse_qsl(token or ""))


def _place_in(address: Any) -> str:
    """The part of a next page's address that says where it begins; the rest, a token among it, we know better."""
    try:
        query = parse_qsl(urlsplit(address).query) if isinstance(address, str) else []
    except ValueError:
        return ""
    return urlencode([(name, value) for name, value in query if name in PLACES])
