"""ACTO's invented presences in the sandbox, as sources of acto.toml and as the variables that hold their secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.registry import PLATFORMS
from connectors.sandbox.facebook.nodes import PAGE
from connectors.sandbox.google import ACCOUNT, LOCATION
from connectors.sandbox.instagram.nodes import USER
from connectors.sandbox.keys import KEY
from connectors.sandbox.linkedin.resources import ORGANIZATION
from connectors.sandbox.trustpilot import UNIT
from connectors.sandbox.x.endpoints import USER_ID, USERNAME
from connectors.sandbox.yelp import BUSINESS
from connectors.sandbox.youtube.resources import CHANNEL

KEYS: Mapping[str, Mapping[str, str]] = {
    "facebook": {"page_id": PAGE},
    "instagram": {"user_id": USER},
    "x": {"user_id": USER_ID, "username": USERNAME},
    "linkedin": {"organization_id": ORGANIZATION},
    "youtube": {"channel_id": CHANNEL},
    "google": {"account_id": ACCOUNT, "location_id": LOCATION},
    "trustpilot": {"business_unit_id": UNIT},
    "yelp": {"business_id": BUSINESS},
    "feed": {"url": "https://alerts.example/feed.xml"},
    "webpage": {"url": "https://directory.example/reviews.html"},
}


def as_toml(base_url: str, platforms: Iterable[str] = tuple(KEYS)) -> str:
    """The sources of acto.toml, one a platform and named after it, that read the sandbox at `base_url`."""
    sources = []
    for platform in platforms:
        lines = [f"[sources.{platform}]", f'platform = "{platform}"']
        lines += [f'{key} = "{value}"' for key, value in KEYS[platform].items()]
        sources.append("\n".join([*lines, f'base_url = "{base_url}"\n']))
    return "\n".join(sources)


def as_environment(secrets: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables of all secrets; `secrets` are those of platforms that do not take `KEY`."""
    given = secrets or {}
    return {
        platform.secret_variable: given.get(name, KEY)
        for name, platform in PLATFORMS.items()
        if platform.secret_variable
    }
