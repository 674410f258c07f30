"""What Meta says of a token: its permissions and its last day (Graph API, "Debug Token").

The call names the token as a parameter. A GET would put it into the address, so it goes by POST with `method=get`, which
the Graph API takes for a GET. Meta asks for an app's token, or that of one of its developers, to do this; that a token may
be asked about with itself is not documented (check), so a refusal means no more than that nothing is known.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from connectors.access import day_of, permissions
from connectors.errors import Transient
from connectors.graph import LIBRARY_HOST, VERSION
from connectors.graph.errors import json_of
from connectors.http import Http
from connectors.json_values import entries, mapping_or_empty
from connectors.source import Source

NOT_TOLD = "Meta did not say which permissions the token has: look at it in Meta's Access Token Debugger."


@dataclass(frozen=True, slots=True)
class Token:
    """The permissions of a token, and its last day; None for no end."""

    permissions: list[str]
    expires: date | None


def token_facts(source: Source, http: Http) -> Token | None:
    """What Meta says of the token of `source`; None where it does not say, or not now."""
    address = f"{LIBRARY_HOST}/{source.keys.get('version') or VERSION}/debug_token"
    answer = None
    with suppress(Transient):
        answer = http.request("POST", address, data={"method": "get", "input_token": source.secret or ""})
    if answer is None or answer.status_code != 200:
        return None
    told = mapping_or_empty(json_of(answer), "data")
    if told.get("is_valid") is not True:
        return None
    # Access to data may end before the token does: 90 days after its owner last logged in.
    ends = [day for day in (day_of(told.get("expires_at")), day_of(told.get("data_access_expires_at"))) if day]
    return Token(permissions(entries(told, "scopes")), min(ends, default=None))
