"""Where the page is reached: on this computer alone, or through a proxy that speaks TLS with the world."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """`hosts` are the names, with their ports, under which the page answers; `public` is whether it is reached from other
    computers: then its visitors speak TLS with the proxy, and sign in.
    """

    hosts: frozenset[str]
    cookie: str
    public: bool = False


def local_site(port: int) -> Site:
    """The page on this computer. Cookies are not kept apart by port, so that two pages (the demo's, say) need two names."""
    return Site(frozenset({f"127.0.0.1:{port}", f"localhost:{port}"}), f"acto_review_{port}")


def public_site(origin: str) -> Site:
    """The page behind a proxy at `origin` (https://review.example.org). Browsers send a cookie of that name over TLS alone."""
    return Site(frozenset({urlsplit(origin).netloc.removesuffix(":443")}), "__Host-acto_review", public=True)
