"""Who may sign in to the page from other computers: of a password only what scrypt makes of it is kept, with its own salt."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from flows.config import ConfigError
from warehouse.files import private_folder, put_in_place

FILE = "review-accounts.json"
SHORTEST, LONGEST = 12, 200
# OWASP's setting for 32 MB of memory a try.
_COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}
# For names that nobody has, so that an answer does not take less time for them.
_NOBODY = {"salt": "00" * 16, "digest": "00" * 32}


@dataclass(frozen=True, slots=True)
class Account:
    """One person: `secret` is what their authenticator app shares. `salt` is another one after each change of password."""

    name: str
    salt: str
    digest: str
    secret: str


def accounts(home: Path) -> dict[str, Account]:
    """Everybody who may sign in, by name. Raises ConfigError where the file cannot be read."""
    path = home / FILE
    try:
        return {one["name"]: Account(**one) for one in orjson.loads(path.read_bytes())}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(
            f"{path} cannot be read ({type(error).__name__}). Remove it, and set the passwords anew: "
            "acto review --set-password NAME"
        ) from None


def keep_account(home: Path, name: str, password: str, secret: str) -> None:
    """Let `name` sign in with this password, and with no earlier one."""
    salt = secrets.token_hex(16)
    _write(home, accounts(home) | {name: Account(name, salt, _digest(password, salt), secret)})


def remove_account(home: Path, name: str) -> None:
    """Let `name` sign in no more. Raises ConfigError for a name that nobody has."""
    left = accounts(home)
    if left.pop(name, None) is None:
        raise ConfigError(f"Nobody called {name!r} can sign in. Those who can: {', '.join(left) or 'nobody'}.")
    _write(home, left)


def is_password(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; as slow for no account as for one."""
    salt, digest = (account.salt, account.digest) if account else (_NOBODY["salt"], _NOBODY["digest"])
    return hmac.compare_digest(_digest(password, salt), digest) and account is not None


def _digest(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=bytes.fromhex(salt), dklen=32, **_COST).hex()


def _write(home: Path, kept: dict[str, Account]) -> None:
    private_folder(home)
    fresh = home / f".{FILE}.new"
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps([asdict(one) for one in kept.values()], option=orjson.OPT_INDENT_2))
    put_in_place(fresh, home / FILE)
