"""`acto review --set-password NAME`: asks in the terminal for what somebody signs in with from another computer."""

from __future__ import annotations

import getpass
import re
import time

from flows.config import ConfigError, default_home
from flows.exits import COMPLETE
from flows.review.accounts import LONGEST, SHORTEST, keep_account, remove_account
from flows.review.one_time_code import address_for_app, count_of, new_secret

_NAME = re.compile(r"[^\W_][\w .@'-]{0,63}")


def set_password(name: str) -> int:
    """Ask for a new password twice and for a first code of the authenticator app; only then is the account kept.

    Raises ConfigError for a name that cannot be one, a password that is too short, a code that is wrong, and where the
    input ends before.
    """
    try:
        return _set_password(name)
    except EOFError:
        raise ConfigError("It was ended before all was typed. Nothing was changed.") from None


def _set_password(name: str) -> int:
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot be a name: use up to 64 letters, figures, spaces and . @ ' -")
    password = getpass.getpass(f"New password for {name} (at least {SHORTEST} characters): ")
    if not SHORTEST <= len(password) <= LONGEST or name.lower() in password.lower():
        raise ConfigError(
            f"Choose a password of {SHORTEST} to {LONGEST} characters that does not hold the name. Nothing was changed."
        )
    if getpass.getpass("The same again: ") != password:
        raise ConfigError("The two were not the same. Nothing was changed.")
    secret = new_secret()
    print("Enter this key in an authenticator app on your telephone (time-based, six figures):")
    print(f"  {' '.join(secret[place : place + 4] for place in range(0, len(secret), 4))}")
    print(f"or give the app this address: {address_for_app(secret, name)}")
    given = input("The six figures that the app shows now: ").replace(" ", "")
    if count_of(secret, given, time.time()) is None:
        raise ConfigError("That is not the code of now. Is the clock of the telephone right? Nothing was changed.")
    keep_account(default_home(), name, password, secret)
    print(f"{name} can sign in now. Sessions with an earlier password have ended.")
    return COMPLETE


def remove_password(name: str) -> int:
    """Let `name` sign in no more. Raises ConfigError for a name that nobody has."""
    remove_account(default_home(), name)
    print(f"{name} can sign in no more.")
    return COMPLETE
