"""LinkedIn's refusals in sentences that say what to do.

Codes: LinkedIn API documentation, "Error handling" (serviceErrorCode 65600 to 65602 of a 401), "Versioning" (426) and
"Rate limiting" (429). Bodies: `{"status", "serviceErrorCode", "code", "message"}`, each of which may be missing.
"""

from __future__ import annotations

import json

import requests

from connectors.errors import Refused, SourceError, Transient
from connectors.http_answers import RateSignals, busy

ACCESS = "docs/access/linkedin.md"
TOKENS = {
    65601: f"The owner of the LinkedIn token has withdrawn it: make a new one ({ACCESS}) and set ACTO_LINKEDIN_TOKEN.",
    65602: (
        f"The LinkedIn token has run out, as each does after 60 days: renew it ({ACCESS}) and set ACTO_LINKEDIN_TOKEN."
    ),
}
BAD_TOKEN = (
    "LinkedIn does not accept the token; each runs out after 60 days: make a new one "
    f"({ACCESS}) and set ACTO_LINKEDIN_TOKEN."
)
DAY_LIMIT = "LinkedIn's limit of calls for today is used up; it begins anew at midnight UTC."
NOT_ALLOWED = (
    "LinkedIn does not let this token read the page: it needs the permission r_organization_social_feed, given by an "
    f"administrator of the page ({ACCESS})."
)
NO_ORGANIZATION = "LinkedIn knows no such page: look at organization_id in acto.toml."
NOT_UNDERSTOOD = "LinkedIn did not understand our call: look at organization_id and version of the source in acto.toml."
VERSION_CODES = {"NONEXISTENT_VERSION", "VERSION_MISSING"}


class LinkedInError(Exception):
    """An answer of 300 or more: its `status`, and the `code` and `number` that its body gives, if any."""

    def __init__(self, status: int, code: str, number: int | None) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.number = number


def day_limit(answer: requests.Response) -> bool:
    """Whether no call will be answered before midnight UTC."""
    return answer.status_code == 429 and b"day limit" in answer.content.lower()


def worth_another_try(answer: requests.Response) -> bool:
    """429 and 5xx, but not the limit of a day."""
    return busy(answer) and not day_limit(answer)


SIGNALS = RateSignals(worth_another_try=worth_another_try)


def refusal(answer: requests.Response, version: str) -> LinkedInError | SourceError:
    """What an answer of 300 or more means: Refused where it holds for every call of the pass, else LinkedInError."""
    error = _read(answer)
    if error.status == 401:
        return Refused(TOKENS.get(error.number or 0, BAD_TOKEN))
    if error.status == 426 or error.code in VERSION_CODES:
        return Refused(
            f"LinkedIn does not answer in version {version} of its interface any more: set version in this source's part "
            'of acto.toml to a newer month, written like "202610".'
        )
    return Refused(DAY_LIMIT) if day_limit(answer) else error


def in_words(error: LinkedInError) -> SourceError:
    """What the refusal of one list means: Refused where a human must act, else Transient.

    LinkedIn's own words stay out of the sentence.
    """
    if error.status == 403:
        return Refused(NOT_ALLOWED)
    if error.status == 404:
        return Refused(NO_ORGANIZATION)
    if error.status == 400:
        return Refused(NOT_UNDERSTOOD)
    return Transient(f"LinkedIn could not process our call: {error.status}.")


def _read(answer: requests.Response) -> LinkedInError:
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        body = None
    told = body if isinstance(body, dict) else {}
    code, number = told.get("code"), told.get("serviceErrorCode")
    return LinkedInError(
        answer.status_code, code if isinstance(code, str) else "", number if isinstance(number, int) else None
    )
