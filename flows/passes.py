"""How far back a pass over a source reads, and what is remembered of it.

New replies land in old threads, and edits and deletions show only when a thread is read again. So every pass reads the
threads of the last REREAD days again, and the whole source when the last whole pass is FULL days old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.item import Page
from connectors.source import Window

REREAD = timedelta(days=30)
FULL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of a source: begun at `started_at`, over threads begun from `since` to `until` (None: no bound).

    `resume` is where an interrupted pass goes on, `gaps` say what its pages so far could not give, and `quarantined` counts
    the entries on them that could not be understood. `completed_at` and `full_at` are when the last finished pass, and
    the last one over everything, began. `asked` passes have bounds that the user gave: they do not count as either.
    """

    started_at: datetime
    since: datetime | None = None
    until: datetime | None = None
    resume: Mapping[str, Any] | None = None
    gaps: tuple[str, ...] = ()
    quarantined: int = 0
    completed_at: datetime | None = None
    full_at: datetime | None = None
    asked: bool = False

    @property
    def window(self) -> Window:
        """What the connector is asked for."""
        return Window(since=self.since, until=self.until, resume=self.resume)

    def after_page(self, page: Page) -> Pass:
        """The pass once `page` has landed."""
        return replace(
            self,
            resume=page.resume,
            gaps=(*self.gaps, *page.gaps),
            quarantined=self.quarantined + len(page.rejected),
        )

    def finished(self) -> Pass:
        """The pass once it has read all that it set out to read."""
        ended = replace(self, resume=None, gaps=(), quarantined=0)
        if self.asked:
            return ended
        whole = self.started_at if self.since is None else self.full_at
        return replace(ended, completed_at=self.started_at, full_at=whole)

    def as_position(self) -> dict[str, Any]:
        """What is kept in the warehouse beside the rows: JSON, times in ISO 8601."""
        times = {
            name: value.isoformat() if value else None
            for name, value in {
                "started_at": self.started_at,
                "since": self.since,
                "completed_at": self.completed_at,
                "full_at": self.full_at,
            }.items()
        }
        if self.asked or not self.resume:
            return {**times, "resume": None}
        return {**times, "resume": dict(self.resume), "gaps": list(self.gaps), "quarantined": self.quarantined}


def next_pass(
    position: Mapping[str, Any] | None, now: datetime, since: datetime | None = None, until: datetime | None = None
) -> Pass:
    """The pass to make `now`, from the position kept by the last one and the bounds that the user gave, if any."""
    kept = {
        name: datetime.fromisoformat(position[name]) if position and position.get(name) else None
        for name in ("started_at", "since", "completed_at", "full_at")
    }
    fresh = Pass(started_at=now, completed_at=kept["completed_at"], full_at=kept["full_at"])
    if since or until:
        return replace(fresh, since=since, until=until, asked=True)
    if position and position.get("resume") and kept["started_at"] and now - kept["started_at"] < timedelta(days=1):
        return replace(
            fresh,
            started_at=kept["started_at"],
            since=kept["since"],
            resume=position["resume"],
            gaps=tuple(position.get("gaps", ())),
            quarantined=position.get("quarantined", 0),
        )
    if fresh.completed_at is None or fresh.full_at is None or now - fresh.full_at >= FULL:
        return fresh
    return replace(fresh, since=fresh.completed_at - REREAD)
