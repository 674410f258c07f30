"""Manners towards every platform: time-outs, patience, limits, and a secret that travels in a header only."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self

import requests
import urllib3

from connectors.errors import PassOver, Refused, Transient, Unanswered
from connectors.http_answers import RateSignals, clock_ahead, in_words
from connectors.http_secrets import Secrets, checked_base_url

LARGEST_BODY = 20 * 1024 * 1024
LONGEST_WAIT = 120.0
TRIES = 4
FAILED_CALLS_IN_A_ROW = 3

log = logging.getLogger(__name__)


class _NotSentOn(requests.Session):
    """Leaves redirections alone: requests would look at where they go even if told not to follow them, and first read all
    of their body, which knows neither a deadline nor a largest size then.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere."""
        return None


class Http:
    """Calls to one host with one secret, for one pass of one source, on one thread.

    Client libraries that take a `requests.Session` (facebook-sdk, tweepy) can be given this instead: `request` answers
    with a `requests.Response` whose body is already here. Connectors only read, so every call may be repeated.

    `secret_headers` go with each call, and to `host` alone. Whatever comes back is cleared of their values before
    anyone sees it, so no exception, log or stored body can hold one.
    `base_url` replaces `host`; one that is not https must be this machine.
    `timeout` is (to connect, to the next byte) in seconds. `deadline` is a reading of `time.monotonic()`.
    `tries` is how often a call is sent at most.
    `signals` are the platform's own ways of asking for patience.
    `requests` counts the calls sent, repeated ones included. `clock_ahead` is how far this machine's clock is ahead of the
    host's, by its last answer; None where no answer told the time.

    Raises Refused if the secret or `base_url` cannot be used.
    """

    def __init__(
        self,
        secret_headers: Mapping[str, str],
        *,
        host: str,
        base_url: str | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        deadline: float | None = None,
        tries: int = TRIES,
        signals: RateSignals = RateSignals(),  # noqa: B008
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        self.clock_ahead: timedelta | None = None
        self._tries = tries
        self._secrets = Secrets(secret_headers)
        self._host = host.rstrip("/")
        self._base = checked_base_url(base_url) if base_url else self._host
        self._name = self._base.split("://", 1)[-1].split("/", 1)[0]
        self._timeout = timeout
        self._deadline = deadline
        self._signals = signals
        self._pause_before_next = 0.0
        self._sleep = sleep
        self._failed_in_a_row = 0
        self._session = _NotSentOn()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = f"acto-monitor/{version('acto-monitor')}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        **_ideas_of_the_client: Any,
    ) -> requests.Response:
        """Call `url` of the host until it answers or patience ends; redirects are not followed.

        A client library's own time-outs, proxies and authentication are left aside.
        Raises Transient where the failure may pass (Unanswered where nothing answered), PassOver where no further call may
        be made in this pass, Refused where the answer is larger than 20 MB or `url` is not on the host.
        """
        call = self._prepare(method, url, params, data, headers)
        if self._failed_in_a_row >= FAILED_CALLS_IN_A_ROW:
            raise PassOver(f"{self._name} failed {self._failed_in_a_row} calls in a row, so we stopped asking.")
        trouble, wait = "", 0.0
        self._slow_down()
        answer = None
        for attempt in range(self._tries):
            if attempt:
                log.info("%s %s; trying again in %.0f s", self._name, trouble, wait)
                self._pause(wait)
            answer, trouble = self._send(call)
            if answer is not None:
                self._pause_before_next = self._signals.pause_before_next(answer)
                if not self._signals.worth_another_try(answer):
                    self._failed_in_a_row = 0
                    return answer
                trouble = f"answered {answer.status_code}"
            asked = self._signals.wait_asked_for(answer) if answer is not None else 0.0
            wait = max(2**attempt * random.uniform(0.5, 1.5), asked)  # noqa: S311
            if wait > LONGEST_WAIT:
                self._failed_in_a_row += 1
                raise PassOver(f"{self._name} asks us to come back in {wait / 60:.0f} minutes.")
        self._failed_in_a_row += 1
        often = f", {self._tries} times" if self._tries > 1 else ""
        raise (Transient if answer is not None else Unanswered)(f"{self._name} {trouble}{often}.")

    def _slow_down(self) -> None:
        """Wait as long as the platform's last answer asks for before the next call, so that no limit is ever hit.

        Raises PassOver where that is too long to wait for.
        """
        pause, self._pause_before_next = self._pause_before_next, 0.0
        if pause > LONGEST_WAIT:
            self._pause_before_next = pause
            raise PassOver(
                f"{self._name} lets us ask again in {pause / 60:.0f} minutes only, so we stopped before its limit."
            )
        if pause:
            log.info("%s is near its limit; the next call waits %.0f s", self._name, pause)
            self._pause(pause)

    def _prepare(
        self, method: str, url: str, params: Any, data: Any, headers: Mapping[str, str] | None
    ) -> requests.PreparedRequest:
        if not url.startswith(f"{self._host}/"):
            raise Refused(f"{self._name} sent us on to another address, which we do not follow.")
        wanted = {**(headers or {}), "User-Agent": str(self._session.headers["User-Agent"])}
        target = self._base + url[len(self._host) :]
        try:
            call = self._session.prepare_request(requests.Request(method, target, wanted, params=params, data=data))
        except (requests.RequestException, UnicodeError):
            raise Refused(
                f"{self._name} is not an address that can be called: look at base_url in acto.toml."
            ) from None
        if self._secrets.shown_in(call.url or ""):
            raise RuntimeError("a secret may travel in a header only, never in a URL")
        call.headers.update(self._secrets.headers)
        return call

    def _send(self, call: requests.PreparedRequest) -> tuple[requests.Response | None, str]:
        """One try: the answer with its whole body, or None and what went wrong."""
        left = self._time_left()
        connect, read = (min(seconds, left) for seconds in self._timeout)
        self.requests += 1
        try:
            answer = self._session.send(call, timeout=(connect, read), stream=True, allow_redirects=False)
            with answer:
                body = self._body(answer)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return None, in_words(error)
        self._secrets.clear(answer, body)
        self.clock_ahead = clock_ahead(answer)
        return answer, ""

    def _body(self, answer: requests.Response) -> bytes:
        body = bytearray()
        # read1 returns what has arrived, so that a trickle cannot outlive the deadline.
        while piece := answer.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > LARGEST_BODY:
                raise Refused(f"{self._name} sent more than 20 MB in one answer, which we do not read.")
            self._time_left()
        return bytes(body)

    def _pause(self, seconds: float) -> None:
        if seconds >= self._time_left():
            raise _out_of_time()
        self._sleep(seconds)

    def _time_left(self) -> float:
        """Seconds to the deadline; raises PassOver after it."""
        if self._deadline is None:
            return float("inf")
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise _out_of_time()
        return left


def _out_of_time() -> PassOver:
    return PassOver("The time set aside for this source ran out.")
