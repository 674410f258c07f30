"""Addresses to which a secret may go: over TLS, or to this machine."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

# The names under which a machine is known to itself alone.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def safe_address(given: str) -> SplitResult:
    """The parts of the address. Raises ValueError, with half a sentence that does not hold the address, where it is none or
    would show in clear what is sent there.
    """
    try:
        address = urlsplit(given)
        address.port  # noqa: B018 - raises where it is no number
    except ValueError:
        raise ValueError("holds no address of a page") from None
    here = address.scheme == "http" and address.hostname in LOOPBACK
    if not address.hostname or not (here or address.scheme == "https"):
        raise ValueError("must hold an address that begins with https://")
    if not given.isascii() or not given.isprintable() or " " in given or "@" in address.netloc:
        raise ValueError("holds no address of a page")
    return address
