"""Who may use the page: a link that works once, and the session of a browser. Only digests of both are kept, in memory."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LINK_SECONDS = 15 * 60
# On this computer; and from others, where the page may be left open on any table.
IDLE_SECONDS, IDLE_SECONDS_ABROAD = 2 * 3600, 30 * 60
LONGEST_SECONDS = 12 * 3600


def seconds() -> float:
    """Seconds that go on while the computer sleeps, which those of time.monotonic do not: a laptop that was shut over lunch
    must ask who opens it.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.time()


@dataclass
class Session:
    """One browser that came in; `by` is whose decisions are made there, `salt` that of the account it came in with. `csrf`
    stands in each of its forms, `said` is shown on its next page.
    """

    by: str
    begun: float
    used: float
    salt: str = ""
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: str = ""


class Sessions:
    """The links and sessions of this process; `clock` gives seconds, `idle` is after how many without use a session ends."""

    def __init__(self, idle: float = IDLE_SECONDS, clock: Callable[[], float] = seconds) -> None:
        self._idle, self._clock = idle, clock
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

    def enter(self, token: str, by: str) -> str | None:
        """Use the token up and begin a session of `by`: the value of its cookie. None where the token does not work."""
        if not self.link_works(token):
            return None
        del self._links[_digest(token)]
        return self.begin(by)

    def begin(self, by: str, salt: str = "") -> str:
        """Begin a session of `by`, and give the value of its cookie."""
        cookie, now = secrets.token_urlsafe(32), self._clock()
        self._sessions = {key: one for key, one in self._sessions.items() if not self._is_over(one, now)}
        self._sessions[_digest(cookie)] = Session(by, now, now, salt)
        return cookie

    def find(self, cookie: str | None, *, used: bool = True) -> Session | None:
        """The session of a cookie: it ends after a time without use, and after twelve hours in any case. Without `used`
        looking does not count as use.
        """
        session = self._sessions.get(_digest(cookie or ""))
        now = self._clock()
        if session is None or self._is_over(session, now):
            self.leave(cookie)
            return None
        if used:
            session.used = now
        return session

    def leave(self, cookie: str | None) -> None:
        """End the session of a cookie."""
        self._sessions.pop(_digest(cookie or ""), None)

    def _is_over(self, session: Session, now: float) -> bool:
        return now - session.used > self._idle or now - session.begun > LONGEST_SECONDS


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
