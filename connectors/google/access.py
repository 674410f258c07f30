"""Whether the consent holds, covers the profile, and no more than that: two or three calls."""

from __future__ import annotations

from typing import Any

from connectors.access import Access, missing_and_excess
from connectors.google import number, refusals
from connectors.google.discovery import HOST
from connectors.google_http import GoogleError, GoogleTransport
from connectors.google_oauth import authorization, granted
from connectors.http import Http
from connectors.source import Source

NEEDED = ("https://www.googleapis.com/auth/business.manage",)
NOT_TOLD = "Google did not say which permissions the token has."
ONE_HOUR = (
    "ACTO_GOOGLE_TOKEN is good for an hour, so that the nightly scan will find it run out: set ACTO_GOOGLE_OAUTH instead "
    "(docs/access/google.md)."
)


def look(source: Source, http: Http, **manners: Any) -> Access:
    """See `connectors.registry.look`."""
    parent = f"accounts/{number(source, 'account_id')}/locations/{number(source, 'location_id')}"
    header = authorization(source, **manners) if source.oauth else {"Authorization": f"Bearer {source.secret or ''}"}
    told = granted(header, source, **manners)
    try:
        GoogleTransport(http).request(f"{HOST}/v4/{parent}/reviews?pageSize=1")
    except GoogleError as error:
        raise refusals.in_words(error) from None
    missing, excess = missing_and_excess(told, NEEDED) if told is not None else ((), ())
    return Access(
        seen=f"the location {parent.rpartition('/')[2]}",
        missing=missing,
        excess=excess,
        warnings=() if source.oauth else (ONE_HOUR,),
        notes=() if told is not None else (NOT_TOLD,),
    )
