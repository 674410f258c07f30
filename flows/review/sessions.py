"""Who may use the page: a link that works once, and the session that it begins. Only digests of both are kept, in memory."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

COOKIE = "acto_review"
LINK_SECONDS = 15 * 60
IDLE_SECONDS = 2 * 3600
LONGEST_SECONDS = 12 * 3600


@dataclass
class Session:
    """One browser that came in by a link; `csrf` stands in each of its forms, `said` is shown on its next page."""

    begun: float
    used: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: str = ""


class Sessions:
    """The links and sessions of this process; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._links: dict[bytes, float] = {}
        self._sessions: dict[bytes, Session] = {}

    def new_link(self) -> str:
        """A token that lets one browser in, once, within 15 minutes; earlier ones no longer work."""
        token = secrets.token_urlsafe(32)
        self._links = {_digest(token): self._clock() + LINK_SECONDS}
        return token

    def link_works(self, token: str) -> bool:
        """Whether the token would let a browser in; asking does not use it up."""
        return self._links.get(_digest(token), -1.0) > self._clock()

    def enter(self, token: str) -> str | None:
        """Use the token up and begin a session: the value of its cookie. None where the token does not work."""
        if not self.link_works(token):
            return None
        del self._links[_digest(token)]
        cookie, now = secrets.token_urlsafe(32), self._clock()
        self._sessions[_digest(cookie)] = Session(now, now)
        return cookie

    def find(self, cookie: str | None) -> Session | None:
        """The session of a cookie: it ends after two hours without use, and after twelve in any case."""
        session = self._sessions.get(_digest(cookie or ""))
        now = self._clock()
        if session is None or now - session.used > IDLE_SECONDS or now - session.begun > LONGEST_SECONDS:
            self.leave(cookie)
            return None
        session.used = now
        return session

    def leave(self, cookie: str | None) -> None:
        """End the session of a cookie."""
        self._sessions.pop(_digest(cookie or ""), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
