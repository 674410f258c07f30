"""Whether the token may read the page and its notifications (two calls of the day's 100), and what else it may do.

LinkedIn tells a token's permissions and its last day to the app's own client secret alone ("Token Introspection"). With
ACTO_LINKEDIN_OAUTH, a JSON of `client_id` and `client_secret`, it is asked; the scan itself needs neither.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from connectors.access import Access, day_of, missing_and_excess, permissions
from connectors.errors import Refused, Transient
from connectors.http import Http
from connectors.json_values import text_or_none
from connectors.linkedin import VERSION
from connectors.linkedin.api import Api
from connectors.linkedin.refusals import LinkedInError, in_words
from connectors.linkedin.urns import organization_number
from connectors.source import Source

HOST = "https://www.linkedin.com"
READS = ("r_organization_social_feed", "r_organization_social")
NOTIFIES = "rw_organization_admin"
NOTHING_SHOWN = (
    "LinkedIn shows this token none of the page's posts: if there are any, the person who made it is no super admin of "
    "the page (docs/access/linkedin.md)."
)
NEVER_TOLD = (
    "LinkedIn tells what else the token may do, and until when, only to the app itself: set ACTO_LINKEDIN_OAUTH to have it "
    "asked (docs/access/linkedin.md)."
)
NOT_TOLD = "LinkedIn did not say what the token may do: look at the client id and secret in ACTO_LINKEDIN_OAUTH."


def look(source: Source, http: Http, **manners: Any) -> Access:
    """See `connectors.registry.look`."""
    api = Api(http, source.keys.get("version") or VERSION)
    number = organization_number(source.keys["organization_id"])
    urn = f"urn:li:organization:{number}"
    missing: tuple[str, ...] = ()
    try:
        posts, _ = api.posts(urn)(None)
    except LinkedInError as error:
        raise in_words(error) from None
    try:
        api.notifications(urn, ["SHARE_MENTION"])(None)
    except LinkedInError as error:
        if error.status not in (401, 403):
            raise in_words(error) from None
        missing = (NOTIFIES,)
    told = _introspected(source, **manners) if source.oauth else None
    excess: tuple[str, ...] = ()
    expires = None
    if told:
        granted = permissions(re.split(r"[,\s]+", text_or_none(told, "scope") or ""))
        reads = READS[1] if READS[1] in granted and READS[0] not in granted else READS[0]
        missing, excess = missing_and_excess(granted, (reads, NOTIFIES))
        expires = day_of(told.get("expires_at"))
    note = None if told else NOT_TOLD if source.oauth else NEVER_TOLD
    return Access(
        seen=f"the page {number}",
        missing=missing,
        excess=excess,
        expires=expires,
        warnings=() if posts else (NOTHING_SHOWN,),
        notes=(note,) if note else (),
    )


def _introspected(source: Source, **manners: Any) -> dict[str, Any] | None:
    """What LinkedIn says of the token: `active`, `scope`, `expires_at`; None where it does not say."""
    app: Any = None
    with suppress(ValueError, RecursionError):
        app = json.loads(source.oauth or "")
    if not isinstance(app, dict) or not text_or_none(app, "client_id") or not text_or_none(app, "client_secret"):
        raise Refused(
            "ACTO_LINKEDIN_OAUTH is not a JSON with client_id and client_secret: see docs/access/linkedin.md, or unset it."
        )
    form = {"client_id": app["client_id"], "client_secret": app["client_secret"], "token": source.secret or ""}
    with Http({}, host=HOST, base_url=source.base_url, **manners) as http, suppress(Transient):
        answer = http.request("POST", f"{HOST}/oauth/v2/introspectToken", data=form)
        with suppress(ValueError, RecursionError):
            told = json.loads(answer.content)
            if answer.status_code == 200 and isinstance(told, dict) and told.get("active") is True:
                return told
    return None
