"""How far back a pass over a source reads, and what is remembered of it.

Lists are read back for `Platform.listed_for_days`, and whole when the last whole pass is as old as the schedule lets a thread
wait: what turns up deep in a list (a comment that was held back) shows only then. Threads are read again as their own
counters and the schedule say (warehouse.known).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.item import Listed, Page

# What was posted while the last pass was under way must not fall between the two.
OVERLAP = timedelta(days=1)
# A pass that broke off goes on as long as it gets on, however many nights it needs: begun anew it would end as late, and X
# would bill all of it again. After so long without getting on it is begun anew, for it says nothing of what came since.
GOES_ON_FOR = timedelta(days=3)
# Threads that were read count as getting on, but some platforms hand on the same ones each night, and there are always more
# that are due: a pass that stays at one place so long is begun anew as well, or what is new at the head of the list would
# never be read. The threads of a first reading of X need about a week at its default of paid reads.
STAYS_FOR = timedelta(days=14)
# Within one run, its retries included, no reading takes so long: a pass that was begun earlier has read its lists in another.
BEHIND_AFTER = timedelta(hours=2)
# What connectors keep beside the place, and what changes while a pass stays there: X what was read today, YouTube what the
# threads read have shown, Google how many reviews there are.
NO_PLACE = ("day", "reads", "explained", "captions_read", "total")


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading of a source: begun at `started_at`, over what began from `since` to `until` (None: no bound).

    `resume` is where an interrupted pass goes on, `now` when this run of it began, `got_on_at` when the last run did in which
    it came any further, `moved_at` the last in which its place changed. `gaps` say what its pages so far could not give,
    `notes` what else they said, `listed` which lists they gave whole. `completed_at` and `full_at` are when the last
    finished pass, and the last one over everything, began; `bookmark` is what that pass left for this one, `next_bookmark`
    what this one leaves. `asked` passes have bounds that the user gave: nothing is remembered of them, and the nights go on
    as if there had been none.
    """

    started_at: datetime
    since: datetime | None = None
    until: datetime | None = None
    resume: Mapping[str, Any] | None = None
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    listed: tuple[Listed, ...] = ()
    bookmark: Mapping[str, Any] | None = None
    next_bookmark: Mapping[str, Any] | None = None
    completed_at: datetime | None = None
    full_at: datetime | None = None
    asked: bool = False
    now: datetime | None = None
    got_on_at: datetime | None = None
    moved_at: datetime | None = None

    @property
    def is_behind(self) -> bool:
        """Whether an earlier run began the pass: what came since is on none of the lists that it had read by then."""
        return self.now is not None and self.now - self.started_at >= BEHIND_AFTER

    def after_page(self, page: Page) -> Pass:
        """The pass once `page` has landed."""
        moved = _place(page.resume) != _place(self.resume)
        return replace(
            self,
            resume=page.resume,
            # Where threads are read the place stays the same: which of them are due still is known from the rows.
            got_on_at=self.now if page.threads or moved else self.got_on_at,
            moved_at=self.now if moved else self.moved_at,
            gaps=(*self.gaps, *page.gaps),
            notes=(*self.notes, *page.notes),
            listed=(*self.listed, *page.listed),
            next_bookmark=self.next_bookmark if page.bookmark is None else page.bookmark,
        )

    def finished(self) -> Pass:
        """The pass once it has read all that it set out to read."""
        ended = replace(
            self, resume=None, gaps=(), notes=(), listed=(), next_bookmark=None, got_on_at=None, moved_at=None
        )
        whole = self.started_at if self.since is None else self.full_at
        kept = self.bookmark if self.next_bookmark is None else self.next_bookmark
        return replace(ended, completed_at=self.started_at, full_at=whole, bookmark=kept)

    def as_position(self) -> dict[str, Any]:
        """What is kept in the warehouse beside the rows: JSON, times in ISO 8601."""
        kept: dict[str, Any] = {name: _written(getattr(self, name)) for name in ("started_at", *TIMES)}
        kept["bookmark"] = dict(self.bookmark) if self.bookmark is not None else None
        if not self.resume:
            return {**kept, "resume": None}
        return {
            **kept,
            "resume": dict(self.resume),
            "gaps": list(self.gaps),
            "notes": list(self.notes),
            "listed": [
                {**asdict(one), "since": _written(one.since), "until": _written(one.until)} for one in self.listed
            ],
            "next_bookmark": dict(self.next_bookmark) if self.next_bookmark is not None else None,
        }


TIMES = ("since", "completed_at", "full_at", "got_on_at", "moved_at")


def next_pass(
    position: Mapping[str, Any] | None,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    listed_for: timedelta = timedelta(days=30),
    whole_after: timedelta = timedelta(days=30),
) -> Pass:
    """The pass to make `now`, from the position kept by the last one and the bounds that the user gave, if any.

    `listed_for` is how far back lists are read, `whole_after` how old the last whole pass may be.
    """
    left = position or {}
    # A night whose clock was wrong may have left moments that are still to come: they say nothing of what has been read.
    kept = {name: _past(_read(left.get(name)), now) for name in ("started_at", *TIMES)}
    fresh = Pass(
        started_at=now,
        now=now,
        completed_at=kept["completed_at"],
        full_at=kept["full_at"],
        bookmark=left.get("bookmark"),
    )
    if since or until:
        return replace(fresh, since=since, until=until, bookmark=None, asked=True)
    begun = kept["started_at"]
    if (
        left.get("resume")
        and begun
        and now - (kept["got_on_at"] or begun) < GOES_ON_FOR
        and now - (kept["moved_at"] or begun) < STAYS_FOR
    ):
        return replace(
            fresh,
            started_at=begun,
            since=kept["since"],
            resume=left["resume"],
            gaps=tuple(left.get("gaps", ())),
            notes=tuple(left.get("notes", ())),
            listed=tuple(
                Listed(tuple(one["kinds"]), _read(one["since"]), _read(one["until"])) for one in left.get("listed", ())
            ),
            next_bookmark=left.get("next_bookmark"),
            got_on_at=kept["got_on_at"],
            moved_at=kept["moved_at"],
        )
    if fresh.completed_at is None or fresh.full_at is None or now - fresh.full_at >= whole_after:
        return fresh
    return replace(fresh, since=min(now - listed_for, fresh.completed_at - OVERLAP))


def _place(resume: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (resume or {}).items() if key not in NO_PLACE}


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment <= now else None


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
