"""Whether the key shows the business: one call. A key has no permissions that could be too many."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from connectors.access import Access
from connectors.errors import Refused, Transient
from connectors.http import Http
from connectors.json_values import count_or_none, mapping_or_empty
from connectors.source import Source
from connectors.trustpilot import HOST, NOT_OURS, refusals


def look(source: Source, http: Http, **_manners: Any) -> Access:
    """See `connectors.registry.look`."""
    unit = source.keys["business_unit_id"].strip()
    if not re.fullmatch(r"[0-9a-zA-Z]+", unit):
        raise Refused(refusals.NO_UNIT)
    answer = http.request("GET", f"{HOST}/v1/business-units/{unit}")
    if answer.status_code != 200:
        raise refusals.in_words(answer.status_code)
    body: Any = None
    with suppress(ValueError, RecursionError):
        body = answer.json()
    total = count_or_none(mapping_or_empty(body, "numberOfReviews"), "total")
    if total is None:
        raise Transient(NOT_OURS)
    return Access(f"the business {unit}, {total:,} reviews")
