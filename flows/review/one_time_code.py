"""The six figures of an authenticator app, by RFC 6238 with its defaults: SHA-1, a new code every thirty seconds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32decode, b32encode
from urllib.parse import quote

SECONDS = 30


def new_secret() -> str:
    """What the app and this program share: 160 random bits, in the letters that apps ask for."""
    return b32encode(secrets.token_bytes(20)).decode()


def address_for_app(secret: str, name: str) -> str:
    """The address that apps take, also as a picture (otpauth)."""
    return f"otpauth://totp/ACTO%20review:{quote(name, safe='')}?secret={secret}&issuer=ACTO%20review"


def code(secret: str, count: int) -> str:
    """The code of the `count`th half minute since 1970 (RFC 4226, section 5.3)."""
    digest = hmac.digest(b32decode(secret), count.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def count_of(secret: str, given: str, now: float) -> int | None:
    """Of which half minute `given` is the code: of this one, or, as clocks differ, the one before or after it. None: of none.

    `now` is in seconds since 1970.
    """
    this, typed = int(now // SECONDS), given.encode("utf-8", "replace")
    found = [count for count in (this - 1, this, this + 1) if hmac.compare_digest(code(secret, count).encode(), typed)]
    return found[-1] if found else None
