"""Whether the key shows the channel (one call, one unit of the day's 10,000), and what the owner's consent covers."""

from __future__ import annotations

from typing import Any

from connectors.access import Access, missing_and_excess
from connectors.errors import PassOver, Refused, SourceError
from connectors.google_http import GoogleError
from connectors.google_oauth import authorization, granted
from connectors.http import Http
from connectors.source import Source
from connectors.youtube import NO_OWNER, refusals
from connectors.youtube.calls import Calls

NEEDED = ("https://www.googleapis.com/auth/youtube.force-ssl",)
NOT_TOLD = "Google did not say which permissions the owner's consent holds."
KEY_ALONE = "A key has no permissions of its own, and shows what everybody sees."


def look(source: Source, http: Http, **manners: Any) -> Access:
    """See `connectors.registry.look`. A consent that does not hold is a warning: public comments are read without it."""
    channel_id = source.keys["channel_id"]
    try:
        if Calls(http).channel(channel_id).uploads is None:
            raise Refused(refusals.NO_CHANNEL)
    except GoogleError as error:
        raise refusals.in_words(error) from None
    seen = f"the channel {channel_id}"
    if not source.oauth:
        return Access(seen, notes=(KEY_ALONE,))
    try:
        told = granted(authorization(source, **manners), source, **manners)
    except PassOver:
        raise
    except SourceError as trouble:
        return Access(seen, warnings=(NO_OWNER.format(trouble=trouble),))
    missing, excess = missing_and_excess(told, NEEDED) if told is not None else ((), ())
    return Access(seen, missing=missing, excess=excess, notes=() if told is not None else (NOT_TOLD,))
