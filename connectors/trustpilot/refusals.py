"""Trustpilot's refusals in sentences that say what to do."""

from __future__ import annotations

from connectors.errors import Refused, SourceError, Transient

BAD_KEY = (
    "Trustpilot does not accept the key: look it up again in Trustpilot Business and set ACTO_TRUSTPILOT_API_KEY "
    "(docs/access/trustpilot.md)."
)
NOT_ALLOWED = (
    "Trustpilot does not let this key read reviews: the plan must include the API (docs/access/trustpilot.md). Without "
    "it, reviews can be exported as a CSV file and imported."
)
NO_UNIT = (
    "Trustpilot knows no such business: look at business_unit_id in acto.toml (24 letters and digits, not the web "
    "address; docs/access/trustpilot.md)."
)
SENTENCES = {401: BAD_KEY, 403: NOT_ALLOWED, 404: NO_UNIT}


def in_words(status: int) -> SourceError:
    """What an answer other than 200 means for the pass: Refused where a human must act, else Transient."""
    sentence = SENTENCES.get(status)
    return Refused(sentence) if sentence else Transient(f"Trustpilot could not process our call: {status}.")
