"""Who signs in with a name, a password and a code of an authenticator app, and how often somebody may be wrong."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from flows.review.accounts import LONGEST, Account, accounts, is_password
from flows.review.one_time_code import count_of

# Wrong tries from one address, and from all together, in so many seconds.
WRONG_FROM_ONE, WRONG_FROM_ALL, WINDOW = 5, 100, 15 * 60.0


class TooManyTries(Exception):
    """Somebody at this address, or all together, were wrong too often."""


class SigningIn:
    """Knows who may come in over the accounts under `home`; `clock` gives seconds since 1970."""

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        self.home, self._clock = home, clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._used: dict[str, int] = {}
        # One at a time: a try costs 32 MB and a fifth of a second, which nobody may multiply.
        self._lock = threading.Lock()

    def let_in(self, name: str, password: str, code: str, address: str) -> Account | None:
        """The account of who is right in all three; None for anybody else. A code is good for one time.

        Raises TooManyTries where `address` was wrong too often; then nothing is looked at.
        """
        with self._lock:
            now = self._clock()
            while self._wrong and self._wrong[0][0] <= now - WINDOW:
                self._wrong.popleft()
            if len(self._wrong) >= WRONG_FROM_ALL or sum(one == address for _, one in self._wrong) >= WRONG_FROM_ONE:
                raise TooManyTries
            account = accounts(self.home).get(name)
            count = count_of(account.secret, code, now) if account else None
            known = is_password(account, password[: LONGEST + 1])
            if account is None or count is None or not known or count <= self._used.get(name, -1):
                self._wrong.append((now, address))
                return None
            self._used[name] = count
            return account

    def holds(self, name: str, salt: str) -> bool:
        """Whether who came in with this account may stay: not once its password was changed, or it was removed."""
        account = accounts(self.home).get(name)
        return account is not None and account.salt == salt
