"""Google's refusals of the review API in sentences that say what to do.

Google Business Profile APIs, "Prerequisites" and "Usage limits": a project that has not been approved has a quota of 0.
"""

from __future__ import annotations

import json

import requests

from connectors import google_http
from connectors.errors import Refused, SourceError, Transient
from connectors.google_http import GoogleError
from connectors.http_answers import RateSignals

SCOPE_REASONS = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}
API_REASONS = {"SERVICE_DISABLED", "accessNotConfigured"}

NOT_APPROVED = (
    "Google has not approved our project for the review API (its quota is 0): fill in the access request form as "
    "docs/access/google.md says. Until then, reviews can be imported from Google Takeout."
)
RUN_OUT = (
    "Google does not accept the token, or it has run out: make a new one and set ACTO_GOOGLE_TOKEN or, to be spared that, "
    "ACTO_GOOGLE_OAUTH (docs/access/google.md)."
)
NO_SCOPE = "The token was not given the permission business.manage: make it again as docs/access/google.md says."
API_OFF = "Our Google Cloud project has not enabled the Google My Business API: enable it in the Google Cloud console."
NOT_ALLOWED = (
    "Google does not let this account see the reviews: it must be an owner or manager of the business profile "
    "(docs/access/google.md)."
)
NO_LOCATION = (
    "Google knows no such location, or it is not verified: look at account_id and location_id in acto.toml, and at the "
    "business profile."
)
NO_NUMBER = "Look at account_id and location_id in acto.toml: both are long numbers (docs/access/google.md)."


def in_words(error: GoogleError) -> SourceError:
    """What a refusal of the whole location means for the pass: Refused where a human must act, else Transient.

    A 429 that may pass has been tried again before it comes here. Google's own words stay out of the sentence.
    """
    if error.status == 429:
        return Refused(NOT_APPROVED)
    if error.reasons & SCOPE_REASONS:
        return Refused(NO_SCOPE)
    if error.reasons & API_REASONS:
        return Refused(API_OFF)
    sentence = {401: RUN_OUT, 403: NOT_ALLOWED, 404: NO_LOCATION}.get(error.status)
    return Refused(sentence) if sentence else Transient(f"Google could not process our call: {error.status}.")


def worth_another_try(answer: requests.Response) -> bool:
    """What may pass at Google, but not the 429 of a project without any quota."""
    return google_http.worth_another_try(answer) and not (answer.status_code == 429 and _without_quota(answer))


def _without_quota(answer: requests.Response) -> bool:
    """Whether one of `details` says that `quota_limit_value` is 0."""
    try:
        details = json.loads(answer.content)["error"]["details"]
        return any(one["metadata"]["quota_limit_value"] in ("0", 0) for one in details if "metadata" in one)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


SIGNALS = RateSignals(worth_another_try=worth_another_try)
