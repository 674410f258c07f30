"""The platforms that a source can be on: their keys in acto.toml, their secret, and the module that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from connectors.errors import NotSupported, Refused
from connectors.item import Page
from connectors.source import Source, Window

if TYPE_CHECKING:
    from connectors.http import Http

Reader = Callable[[Source, Window, "Http"], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform by its name in acto.toml; `module` is None as long as no connector is written."""

    name: str
    keys: tuple[str, ...]
    secret_variable: str | None
    module: str | None = None


PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform("facebook", ("page_id",), "ACTO_FACEBOOK_TOKEN"),
        Platform("instagram", ("user_id",), "ACTO_INSTAGRAM_TOKEN"),
        Platform("x", ("user_id", "username"), "ACTO_X_BEARER_TOKEN"),
        Platform("linkedin", ("organization_id",), "ACTO_LINKEDIN_TOKEN"),
        Platform("youtube", ("channel_id",), "ACTO_YOUTUBE_API_KEY", "connectors.youtube"),
        Platform("google", ("account_id", "location_id"), "ACTO_GOOGLE_TOKEN"),
        Platform("trustpilot", ("business_unit_id",), "ACTO_TRUSTPILOT_API_KEY"),
        Platform("yelp", ("business_id",), "ACTO_YELP_API_KEY"),
        Platform("feed", ("url",), None),
        Platform("webpage", ("url",), None),
    )
}


def reader(platform: str) -> Reader:
    """The `read` function of the platform's connector: `read(source, window, http)` yields pages.

    Raises Refused for a platform that does not exist, NotSupported for one that has no connector yet.
    """
    read: Reader = _module(platform).read
    return read


def connect(source: Source, *, deadline: float | None = None) -> Http:
    """The way to `source`: an `Http` that knows its host and its secret, to hand to its reader and to close after it.

    `deadline` is a reading of `time.monotonic()` after which no call is made; None for no limit.
    Raises Refused where a key is missing in acto.toml or the secret in the environment, naming it.
    """
    module = _module(source.platform)
    platform = PLATFORMS[source.platform]
    for key in platform.keys:
        if not source.keys.get(key, "").strip():
            raise Refused(f"[sources.{source.name}] in acto.toml has no {key}: add it.")
    if platform.secret_variable and not source.secret:
        variable = platform.secret_variable
        raise Refused(
            f"{source.name} has no key: set {variable} in the environment, or {variable}_FILE to a file that holds it."
        )
    http: Http = module.connect(source, deadline=deadline)
    return http


def _module(name: str) -> ModuleType:
    platform = PLATFORMS.get(name)
    if platform is None:
        raise Refused(f"There is no platform {name!r}: acto.toml may name {', '.join(PLATFORMS)}.")
    if platform.module is None:
        raise NotSupported(f"{name} is read by import for now: acto import FILE")
    return import_module(platform.module)
