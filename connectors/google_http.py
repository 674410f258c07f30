"""google-api-python-client on our own HTTP manners, and its answers made safe to use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httplib2
import requests
from googleapiclient.http import HttpRequest

from connectors.errors import Transient
from connectors.http import Http
from connectors.http_answers import RateSignals, busy
from connectors.listing import Sent

NOT_OURS = "Google answered with something that is not the list that we asked for."


class GoogleError(Exception):
    """An answer of 300 or more: its `status`, the `reasons` that its body gives, and Google's own `message`."""

    def __init__(self, status: int, reasons: frozenset[str], message: str) -> None:
        super().__init__(f"{status} {', '.join(sorted(reasons))}")
        self.status = status
        self.reasons = reasons
        self.message = message


class GoogleTransport:
    """What the library takes for an `httplib2.Http`; time-outs, retries and the key are those of `http`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_ignored: Any
    ) -> tuple[httplib2.Response, bytes]:
        """Send one call of the library.

        Raises what `Http.request` raises, and GoogleError for an answer of 300 or more: the library's own reading of a
        refusal breaks on bodies that are not what it expects.
        """
        answer = self._http.request(method, uri, data=body, headers=headers)
        if answer.status_code >= 300:
            raise _refusal(answer)
        response = httplib2.Response({**answer.headers, "status": str(answer.status_code)})
        response.reason = answer.reason
        return response, answer.content

    def close(self) -> None:
        """The `Http` belongs to the caller, who closes it."""


def worth_another_try(answer: requests.Response) -> bool:
    """429, 5xx, and Google's 403 for calls that come too fast; its daily quota (`quotaExceeded`) does not pass."""
    too_fast = {"rateLimitExceeded", "userRateLimitExceeded"}
    return busy(answer) or (answer.status_code == 403 and bool(too_fast & _refusal(answer).reasons))


SIGNALS = RateSignals(worth_another_try=worth_another_try)


def sent(answer: Mapping[str, Any]) -> Sent:
    """The page of a list that `answer` is."""
    return answer.get("items", []), answer.get("nextPageToken") or None


def fetch(request: HttpRequest, kind: str) -> dict[str, Any]:
    """The JSON object that answers `request`, of the given `kind` (`youtube#commentListResponse` …), which only a
    list with entries may leave out.

    Raises GoogleError for a refusal, Transient where the answer is not such an object (the library itself hands back
    a page of HTML as if it were one), and what `Http.request` raises.
    """
    answer: Any = None
    with suppress(ValueError, RecursionError):
        answer = request.execute(num_retries=0)
    if not isinstance(answer, dict) or answer.get("kind", kind if answer.get("items") else None) != kind:
        raise Transient(NOT_OURS)
    if not isinstance(answer.get("items", []), list) or not isinstance(answer.get("nextPageToken", ""), str):
        raise Transient(NOT_OURS)
    return answer


def _refusal(answer: requests.Response) -> GoogleError:
    """Read `{"error": {"message", "errors": [{"reason"}], "details": [{"reason"}]}}`, or what is left of it."""
    try:
        error = json.loads(answer.content)["error"]
        told = [*(error.get("errors") or []), *(error.get("details") or [])]
        reasons = (one.get("reason") for one in told)
        words = frozenset(word for word in reasons if isinstance(word, str) and word.isidentifier())
        return GoogleError(answer.status_code, words, str(error.get("message") or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return GoogleError(answer.status_code, frozenset(), "")
