"""One place that we read, as a connector sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A configured source: its name, its platform, the platform's keys (page_id, channel_id …) and its secret.

    `base_url` replaces the platform's own host, for the sandbox and for tests.
    """

    name: str
    platform: str
    keys: Mapping[str, str]
    secret: str | None = field(default=None, repr=False)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a source one pass reads: threads begun from `since` to `until`, both aware, None for no bound.

    `resume` is the `Page.resume` of the last page that an interrupted pass landed.
    """

    since: datetime | None = None
    until: datetime | None = None
    resume: Mapping[str, Any] | None = None
