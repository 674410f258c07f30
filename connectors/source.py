"""One place that we read, as a connector sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.known import Known, NothingKnown


@dataclass(frozen=True, slots=True)
class Source:
    """A configured source: its name, its platform, the platform's keys (page_id, channel_id …) and its secret.

    `oauth` is the content of an OAuth file (JSON), for the platforms that can be read by one.
    `base_url` replaces the platform's own host, for the sandbox and for tests.
    """

    name: str
    platform: str
    keys: Mapping[str, str]
    secret: str | None = field(default=None, repr=False)
    base_url: str | None = None
    oauth: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Window:
    """How much of a source one pass reads: what began a thread from `since` to `until`, both aware, None for no bound,
    and the threads that `known` says are due.

    `resume` is the `Page.resume` of the last page that an interrupted pass landed, `bookmark` the last `Page.bookmark` of
    the last pass that was finished.
    """

    since: datetime | None = None
    until: datetime | None = None
    resume: Mapping[str, Any] | None = None
    bookmark: Mapping[str, Any] | None = None
    known: Known = field(default_factory=NothingKnown)

    def holds(self, moment: datetime | None) -> bool:
        """Whether `moment` lies within the bounds; what does not say when it began may."""
        return moment is None or (
            (self.since is None or moment >= self.since) and (self.until is None or moment <= self.until)
        )

    def has_passed(self, moments: Sequence[datetime | None]) -> bool:
        """Whether a page of a list, newest first, lies before the window as a whole: the pages after it do so too."""
        told = [moment for moment in moments if moment is not None]
        return self.since is not None and bool(told) and all(moment < self.since for moment in told)
