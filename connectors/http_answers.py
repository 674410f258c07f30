"""What an answer, or the lack of one, means to a patient caller."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3


def busy(answer: requests.Response) -> bool:
    """Whether the platform asks for patience: 429 Too Many Requests, or a failure on its side (RFC 9110, 15.6)."""
    return answer.status_code == 429 or answer.status_code >= 500


def wait_asked_for(answer: requests.Response | None) -> float:
    """Seconds that the platform's Retry-After asks for, from a number or an HTTP date (RFC 9110, 10.2.3); else 0."""
    asked = answer.headers.get("Retry-After", "").strip() if answer is not None else ""
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        then = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def in_words(error: Exception) -> str:
    """What went wrong on the way, without the words of the error: those may quote the other side."""
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "could not prove who it is (TLS): look at this machine's clock and network"
    if isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error):
        return "could not be reached"
    return "broke off in the middle of its answer"
