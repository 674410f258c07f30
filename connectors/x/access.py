"""Whether the token is an app's, which can only read, and whose account is read: two calls, of which X bills one account.

X tells no permissions. But an app's bearer token is refused where a person's own account is asked for, so whoever gets
an answer there holds a token that acts for a person (X API v2, "GET /2/users/me": OAuth 1.0a or 2.0 user context only).
"""

from __future__ import annotations

import json
from typing import Any

from connectors.access import Access
from connectors.errors import Refused, Transient
from connectors.http import Http
from connectors.json_values import entries, mapping_or_empty, text_or_none
from connectors.source import Source
from connectors.x.client import HOST, NOT_OURS
from connectors.x.ids import is_id
from connectors.x.refusals import Refusal, XError, about_account, in_words

ACTS_FOR_A_PERSON = "a token that acts for an account (a bearer token of the app can only read)"
OTHER_NAME = "X knows the account of user_id by another name than @{known}: look at both in acto.toml. It may be somebody else's."
# "Unsupported Authentication": what an app's token gets where only a person's will do.
APP_ONLY = ("unsupported-authentication", "unsupported authentication")


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`."""
    number, known = source.keys["user_id"].strip(), source.keys["username"].strip().removeprefix("@")
    if not is_id(number):
        raise Refused(f"user_id of {source.name} in acto.toml is not X's number of the account: see docs/access/x.md.")
    me = http.request("GET", f"{HOST}/2/users/me")
    if me.status_code >= 300:
        refusal = Refusal.of(me)
        if not any(word in refusal.words for word in APP_ONLY):
            raise in_words(XError(refusal))
    answer = http.request("GET", f"{HOST}/2/users/{number}")
    if answer.status_code >= 300:
        raise in_words(XError(Refusal.of(answer)))
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise Transient(NOT_OURS) from None
    name = text_or_none(mapping_or_empty(body, "data"), "username")
    if name is None:
        raise about_account([one for one in entries(body, "errors") if isinstance(one, dict)]) or Transient(NOT_OURS)
    # Somebody else's name is not to be shown.
    other = name.casefold() != known.casefold()
    return Access(
        seen="an account" if other else f"the account @{known}",
        excess=(ACTS_FOR_A_PERSON,) if me.status_code < 300 else (),
        warnings=(OTHER_NAME.format(known=known),) if other else (),
    )
