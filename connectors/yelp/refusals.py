"""Yelp's refusals in sentences that say what to do, and its signs of a limit (Yelp Places API, "Rate Limiting")."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import requests

from connectors.dates import in_utc
from connectors.errors import Refused, SourceError, Transient
from connectors.http_answers import RateSignals, busy
from connectors.json_values import mapping_or_empty, text_or_none

USED_UP = "ACCESS_LIMIT_REACHED"
BAD_KEY = "Yelp does not accept the key: make a new one and set ACTO_YELP_API_KEY (docs/access/yelp.md)."
NOT_IN_PLAN = (
    "Yelp's plan for this key does not include reviews: choose one that does, or take the source out of acto.toml "
    "(docs/access/yelp.md)."
)
NO_BUSINESS = (
    "Yelp knows no such business: look at business_id in acto.toml (the last part of the page's address on Yelp)."
)
SENTENCES = {401: BAD_KEY, 402: NOT_IN_PLAN, 403: NOT_IN_PLAN, 404: NO_BUSINESS}


def in_words(answer: requests.Response) -> SourceError:
    """What an answer other than 200 means for the pass: Refused where a human must act, else Transient."""
    if answer.status_code == 429:
        return Refused(_limit_in_words(answer.headers))
    sentence = SENTENCES.get(answer.status_code)
    return Refused(sentence) if sentence else Transient(f"Yelp could not process our call: {answer.status_code}.")


def worth_another_try(answer: requests.Response) -> bool:
    """Too many calls a second and failures pass within a minute; a day's limit does not."""
    return busy(answer) and not (answer.status_code == 429 and _code(answer) == USED_UP)


def _limit_in_words(headers: Mapping[str, str]) -> str:
    """The daily limit and when it is renewed, where the headers say so."""
    limit, renewed = headers.get("RateLimit-DailyLimit", ""), None
    with suppress(ValueError, OverflowError):
        renewed = in_utc(datetime.fromisoformat(headers.get("RateLimit-ResetTime", "")))
    of = f" of {limit} calls" if limit.isascii() and limit.isdigit() else ""
    at = f" at {renewed:%H:%M} UTC on {renewed.day} {renewed:%B}" if renewed else " at midnight UTC"
    return f"Yelp's daily limit{of} is used up; it is renewed{at}. We ask once a night: something else uses the key."


def _code(answer: requests.Response) -> str | None:
    body: Any = None
    with suppress(ValueError, RecursionError):
        body = answer.json()
    return text_or_none(mapping_or_empty(body, "error"), "code")


SIGNALS = RateSignals(worth_another_try=worth_another_try)
