"""How near the Graph API's limits we are, from the headers that come with each answer.

`X-App-Usage` and `X-Page-Usage` hold per cents of a rolling hour; `X-Business-Use-Case-Usage` holds, for each business
or page id, a list of per cents by kind of use, with the minutes until a throttled one opens again (Graph API, "Rate
limits"). There is no Retry-After, and calls made while throttled lengthen the block.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from connectors.json_values import count_or_none

PER_CENTS = ("call_count", "total_time", "total_cputime")
SLOWER_FROM = 75
# The per cents are of a rolling hour, so after that much they are those of other calls.
ROLLING_HOUR = 60 * 60.0


def usages(answer: requests.Response) -> Iterator[Mapping[str, Any]]:
    """Each record of use in the headers; what cannot be read is passed over."""
    for header in ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage"):
        try:
            told = json.loads(answer.headers.get(header, "{}"))
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict):
            lists = [value for value in told.values() if isinstance(value, list)]
            yield from (use for use in [told, *(use for one in lists for use in one)] if isinstance(use, dict))


def seconds_to_open(answer: requests.Response) -> float | None:
    """Seconds until a throttled use opens again, None where no header says that one is throttled."""
    told = [60.0 * (count_or_none(use, "estimated_time_to_regain_access") or 0) for use in usages(answer)]
    used_up = any(_per_cent(use) >= 100 for use in usages(answer))
    return max(told, default=0.0) or (ROLLING_HOUR if used_up else None)


def pause_for(answer: requests.Response) -> float:
    """Seconds to wait before the next call: 1 at 75 per cent, twice as long every 4 per cent, at 100 until it opens."""
    closed = seconds_to_open(answer)
    if closed is not None:
        return closed
    used = max((_per_cent(use) for use in usages(answer)), default=0.0)
    return 2.0 ** ((used - SLOWER_FROM) / 4) if used >= SLOWER_FROM else 0.0


def _per_cent(use: Mapping[str, Any]) -> float:
    values = (use.get(name) for name in PER_CENTS)
    return max((float(value) for value in values if isinstance(value, int | float)), default=0.0)
