"""The platforms that a source can be on: their keys in acto.toml, their secret, and the module that reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from connectors.access import Access
from connectors.errors import Refused
from connectors.item import Page
from connectors.source import Source, Window

if TYPE_CHECKING:
    from connectors.http import Http

Reader = Callable[[Source, Window, "Http"], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform by its name in acto.toml, read by the package `connectors.<name>`.

    `keys` must be given, `optional` ones may. `listed_for_days` is how far back its lists are read each night: further
    where they count what each thread holds, since that tells what is new in old threads at no further call.
    The secret is in `secret_variable` of the environment; `oauth_variable` holds the content of an OAuth file, instead of
    the secret or beside it (docs/access/ says which).
    """

    name: str
    keys: tuple[str, ...]
    secret_variable: str | None = None
    optional: tuple[str, ...] = ()
    listed_for_days: int = 30
    oauth_variable: str | None = None
    oauth_is_enough: bool = False


PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform("facebook", ("page_id",), "ACTO_FACEBOOK_TOKEN", optional=("version",), listed_for_days=365),
        Platform(
            "instagram",
            ("user_id",),
            "ACTO_INSTAGRAM_TOKEN",
            optional=("version", "login", "mentions"),
            listed_for_days=365,
        ),
        Platform("x", ("user_id", "username"), "ACTO_X_BEARER_TOKEN", optional=("reads_a_night",)),
        Platform(
            "linkedin",
            ("organization_id",),
            "ACTO_LINKEDIN_TOKEN",
            optional=("version",),
            oauth_variable="ACTO_LINKEDIN_OAUTH",
        ),
        Platform("youtube", ("channel_id",), "ACTO_YOUTUBE_API_KEY", oauth_variable="ACTO_YOUTUBE_OAUTH"),
        Platform(
            "google",
            ("account_id", "location_id"),
            "ACTO_GOOGLE_TOKEN",
            oauth_variable="ACTO_GOOGLE_OAUTH",
            oauth_is_enough=True,
        ),
        Platform("trustpilot", ("business_unit_id",), "ACTO_TRUSTPILOT_API_KEY"),
        Platform("yelp", ("business_id",), "ACTO_YELP_API_KEY"),
        Platform("feed", ("url",), optional=("ours",)),
        Platform("webpage", ("url",)),
    )
}


def reader(platform: str) -> Reader:
    """The `read` function of the platform's connector: `read(source, window, http)` yields pages.

    Raises Refused for a platform that does not exist.
    """
    read: Reader = _module(platform).read
    return read


def require(source: Source) -> None:
    """Look whether `source` has all that its connector needs; nothing is called.

    Raises Refused where a key is missing in acto.toml or the secret in the environment, naming it.
    """
    platform = _platform(source.platform)
    for key in platform.keys:
        if not source.keys.get(key, "").strip():
            raise Refused(f"[sources.{source.name}] in acto.toml has no {key}: add it.")
    variable = platform.secret_variable
    if variable and not source.secret and not (platform.oauth_is_enough and source.oauth):
        raise Refused(
            f"{source.name} has no key: set {variable} in the environment, or {variable}_FILE to a file that holds it."
        )


def connect(source: Source, *, deadline: float | None = None, **manners: Any) -> Http:
    """The way to `source`: an `Http` that knows its host and its secret, to hand to its reader and to close after it.

    `deadline` is a reading of `time.monotonic()` after which no call is made; None for no limit. Further `manners` (timeout,
    tries) are those of `Http`. A source with an OAuth file gets its access token here, by a call.
    Raises Refused as `require` does, or where the secret cannot be one; Transient where the token cannot be had now.
    """
    require(source)
    http: Http = _module(source.platform).connect(source, deadline=deadline, **manners)
    return http


def host_of(source: Source) -> str:
    """The address of the host that `source` is called at; nothing is called."""
    module = _module(source.platform)
    if source.base_url or "url" in source.keys:
        return source.base_url or source.keys["url"]
    return str(module.host(source) if hasattr(module, "host") else module.HOST)


def look(source: Source, http: Http, **manners: Any) -> Access:
    """What a harmless call or two over `http` show of `source`; nothing is kept. `manners` are those that `http` was made
    with, for the calls that go to another host.

    Raises Refused, Transient or PassOver, as reading it would.
    """
    access: Access = import_module(f"connectors.{_platform(source.platform).name}.access").look(source, http, **manners)
    return access


def _platform(name: str) -> Platform:
    if name not in PLATFORMS:
        raise Refused(f"There is no platform {name!r}: acto.toml may name {', '.join(PLATFORMS)}.")
    return PLATFORMS[name]


def _module(name: str) -> ModuleType:
    return import_module(f"connectors.{_platform(name).name}")
