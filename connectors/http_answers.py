"""What an answer, or the lack of one, means to a patient caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests
import urllib3


def busy(answer: requests.Response) -> bool:
    """Whether the platform asks for patience: 429 Too Many Requests, or a failure on its side (RFC 9110, 15.6)."""
    return answer.status_code == 429 or answer.status_code >= 500


def wait_asked_for(answer: requests.Response) -> float:
    """Seconds that the platform's Retry-After asks for, from a number or an HTTP date (RFC 9110, 10.2.3); else 0."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        then = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return 0.0
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def clock_ahead(answer: requests.Response) -> timedelta | None:
    """How far this machine's clock is ahead of the one that the answer's Date was read from; None without a Date."""
    try:
        then = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return datetime.now(UTC) - (then if then.tzinfo else then.replace(tzinfo=UTC))


def in_words(error: Exception) -> str:
    """What went wrong on the way, without the words of the error: those may quote the other side."""
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "could not prove who it is (TLS): look at this machine's clock and network"
    if isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error):
        return "could not be reached"
    return "broke off in the middle of its answer"


def no_pause(answer: requests.Response) -> float:
    """The platform gives no sign of how near its limit is."""
    return 0.0


@dataclass(frozen=True, slots=True)
class RateSignals:
    """How a platform asks for patience, each read from one answer.

    `worth_another_try`: whether it is a failure that may pass within a minute or two, so that the same call is worth
    repeating. `wait_asked_for`: the seconds to wait before that. `pause_before_next`: the seconds to wait before the next
    call although this one went well, so that the platform's limit is never hit.
    """

    worth_another_try: Callable[[requests.Response], bool] = busy
    wait_asked_for: Callable[[requests.Response], float] = wait_asked_for
    pause_before_next: Callable[[requests.Response], float] = no_pause
