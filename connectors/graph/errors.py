"""What an answer of the Graph API says went wrong, and whether patience helps (Graph API, "Handle Errors", "Rate Limits")."""

from __future__ import annotations

import json
from typing import Any

import requests

from connectors.graph.rate import ROLLING_HOUR, pause_for, seconds_to_open
from connectors.http_answers import RateSignals
from connectors.json_values import count_or_none, text_or_none

# Limits of an application, a user, a page by a user's token, a custom one, a page's and an Instagram account's.
THROTTLED = {4, 17, 32, 613, 80001, 80002}
MAY_PASS = {1, 2}
TOO_MUCH_AT_ONCE = "reduce the amount of data"


class GraphError(Exception):
    """A refusal: HTTP `status`, the Graph API's `code` and `subcode` (None where it gives none), Meta's own `message`."""

    def __init__(self, status: int, code: int | None = None, subcode: int | None = None, message: str = "") -> None:
        super().__init__(f"{status}, code {code}, subcode {subcode}")
        self.status = status
        self.code = code
        self.subcode = subcode
        self.message = message

    @property
    def too_much_at_once(self) -> bool:
        """Whether the same call may go well with fewer entries a page."""
        return self.code == 1 and TOO_MUCH_AT_ONCE in self.message


def json_of(answer: requests.Response) -> Any:
    """The JSON of an answer that says it is JSON; None where it is not."""
    try:
        return json.loads(answer.content) if "json" in answer.headers.get("content-type", "") else None
    except (ValueError, RecursionError):
        return None


def refusal_in(answer: requests.Response) -> GraphError | None:
    """What `{"error": {"message", "code", "error_subcode"}}` says, or what is left of it; None where all is well."""
    error = json_of(answer)
    error = error.get("error") if isinstance(error, dict) else None
    if answer.status_code < 300 and not error:
        return None
    code, subcode = count_or_none(error, "code"), count_or_none(error, "error_subcode")
    return GraphError(answer.status_code, code, subcode, text_or_none(error, "message") or "")


def worth_another_try(answer: requests.Response) -> bool:
    """A failure on Meta's side: 5xx, codes 1 and 2; never while throttled, which would lengthen the block."""
    error = refusal_in(answer)
    if error is None or error.too_much_at_once:
        return False
    return error.code in MAY_PASS or (error.status >= 500 and error.code is None)


def pause_before_next(answer: requests.Response) -> float:
    """Seconds to wait before the next call; none is made for an hour after a refusal that names no time."""
    error = refusal_in(answer)
    return (seconds_to_open(answer) or ROLLING_HOUR) if error and is_throttled(error) else pause_for(answer)


SIGNALS = RateSignals(worth_another_try=worth_another_try, pause_before_next=pause_before_next)


def is_throttled(error: GraphError) -> bool:
    """Whether the limit of calls is reached; a 429 may come without a code."""
    return error.code in THROTTLED or error.status == 429
