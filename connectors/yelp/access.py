"""Whether the key shows the business, and how much of the day's calls is left: one call of at least 300 a day."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from connectors.access import Access
from connectors.errors import Refused
from connectors.http import Http
from connectors.source import Source
from connectors.yelp import HOST, refusals

FEW_LEFT = "Yelp lets us ask {left} times more today, of {limit}: something else uses the key."
# A scan makes one call.
FEW = 10


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`."""
    business = source.keys["business_id"].strip()
    if not re.fullmatch(r"[\w-]+", business):
        raise Refused(refusals.NO_BUSINESS)
    address = f"{HOST}/v3/businesses/{quote(business)}/reviews"
    answer = http.request("GET", address, params={"limit": 1, "locale": "en_GB"})
    if answer.status_code != 200:
        raise refusals.in_words(answer)
    left, limit = (answer.headers.get(f"RateLimit-{name}", "") for name in ("Remaining", "DailyLimit"))
    few = left.isdecimal() and limit.isdecimal() and int(left) < FEW
    return Access(f"the business {business}", warnings=(FEW_LEFT.format(left=left, limit=limit),) if few else ())
