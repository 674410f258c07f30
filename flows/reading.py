"""One source read in one run: pages landed as they come, counted, and judged complete or not."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Refused, SourceError
from connectors.http import Http
from connectors.item import Page
from connectors.registry import PLATFORMS, connect, reader, require
from connectors.source import Source, Window
from flows.gathering import gathered
from flows.passes import Pass, next_pass
from flows.progress import working
from flows.report_words import count, day
from warehouse.known import History
from warehouse.landing import keep_position, land, position
from warehouse.runs import Coverage
from warehouse.schedule import Schedule
from warehouse.states import settle
from warehouse.store import Store
from warehouse.terms import terms_of

# Seconds. A source that has not been read by then is reported as partly read, and the next scan goes on from there.
TIME_FOR_A_SOURCE = 30 * 60.0
# A source with this key pays for what it reads, up to a ceiling for each pass: two passes in one night would go over it.
CEILING = "reads_a_night"
BEHIND = "This reading was begun on {}: what came since then is read by the next scan."
# Keys that change while the place stays what it is: an account renames itself, a page moves to another address.
MAY_CHANGE = ("username", "url")
OTHER_PLACE = (
    "[sources.{name}] in acto.toml has another {key} than what was read under this name: give it a new name, for instance "
    "[sources.{name}_2], or put the old {key} back. Under one name, all of the old one would be taken for deleted."
)


@dataclass
class Reading:
    """What one run has read of one source so far; retries go on with the same one.

    `window` is the pass under way and `pages` how many of its pages have landed; `ended` are the passes that the run has
    read to their end before it. `remarks` are what the report says of the source whatever is read of it.
    """

    source: Source
    schedule: Schedule
    window: Pass
    coverage: Coverage
    remarks: tuple[str, ...] = ()
    pages: int = 0
    left_out: int = 0
    ended: list[Pass] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        store: Store,
        run_id: str,
        source: Source,
        schedule: Schedule,
        now: datetime,
        since: datetime | None,
        until: datetime | None,
        remarks: tuple[str, ...] = (),
    ) -> Reading:
        """Plan the pass from what the last one left; `since` and `until` are the user's own bounds, if any."""
        schedule = schedule.within(terms_of(source.platform).keep)
        window = _planned(source, schedule, position(store, source.name), now, since, until)
        coverage = Coverage(
            run_id=run_id,
            source=source.name,
            platform=source.platform,
            outcome="unread",
            reason="",
            since=window.since,
            until=window.until or window.started_at,
            of_days=window.asked,
        )
        return cls(source=source, schedule=schedule, window=window, coverage=coverage, remarks=remarks)

    def read(self, store: Store) -> None:
        """Read and land page after page, from where the last attempt stopped.

        Raises connectors.errors.SourceError where the source cannot be read on; what has landed stays.
        """
        store.lease.beat()
        http = connect(self.source, deadline=time.monotonic() + TIME_FOR_A_SOURCE)
        try:
            self._read_on(store, http)
            is_paid = CEILING in PLATFORMS[self.source.platform].optional
            if self.window.is_behind and not self.window.gaps and not is_paid:
                self._begin_anew(store)
                self._read_on(store, http)
        finally:
            self.coverage = replace(self.coverage, requests=self.coverage.requests + http.requests)
            http.close()

    def _read_on(self, store: Store, http: Http) -> None:
        """Read the pass under way to its end."""
        asked = Window(
            since=self.window.since,
            until=self.window.until,
            resume=self.window.resume,
            bookmark=self.window.bookmark,
            known=self._history(store),
        )
        with working(self.source.name) as work:
            for page in gathered(reader(self.source.platform)(self.source, asked, http)):
                self._land(store, page)
                # How much there is nobody knows: what a platform counts is told page by page.
                work.at(
                    self.coverage.items_seen, f"{count(self.coverage.items_seen, 'item')} read{self._back_to(page)}"
                )

    def _begin_anew(self, store: Store) -> None:
        """Begin the pass that reads what came since the one that has now ended was begun."""
        now = self.window.now or self.window.started_at
        left = self.window.finished().as_position()
        self._keep(store, left)
        self.ended.append(self.window)
        # Begun with the run: what landed in the run already does not land again, and has been seen all the same.
        self.window, self.pages = _planned(self.source, self.schedule, left, now), 0
        self.coverage = replace(self.coverage, until=now)

    def _back_to(self, page: Page) -> str:
        """Which day a long reading has come to, for whoever waits for its end; "" for one of these weeks."""
        days = [item.created_at for item in page.items if item.created_at and not item.parent_id]
        oldest = min(days, default=self.window.started_at)
        return f", back to {day(oldest)}" if self.window.started_at - oldest > timedelta(days=31) else ""

    def _history(self, store: Store) -> History:
        return History(store, self.source.name, store.now(), self.schedule, all_due=self.window.asked)

    def _land(self, store: Store, page: Page) -> None:
        window = self.window.after_page(page)
        allowed = terms_of(self.source.platform).fit(page)
        left = None if window.asked else self._of_this_place(window.as_position())
        landed = land(store, self.coverage.run_id, self.source.name, allowed, left)
        # A page that could not be landed has listed nothing: what is on it would be taken for deleted.
        self.window = window
        self.pages += 1
        self.left_out += landed.left_out
        seen = self.coverage
        self.coverage = replace(
            seen,
            items_seen=seen.items_seen + landed.seen,
            items_new=seen.items_new + landed.new,
            items_edited=seen.items_edited + landed.edited,
            items_gone=seen.items_gone + landed.gone,
            quarantined=seen.quarantined + landed.quarantined,
            expected=seen.expected if page.expected is None else (seen.expected or 0) + page.expected,
        )

    def _of_this_place(self, left: Mapping[str, Any]) -> dict[str, Any]:
        return {**left, "place": _place_of(self.source)}

    def _keep(self, store: Store, left: Mapping[str, Any]) -> None:
        keep_position(store, self.coverage.run_id, self.source.name, self._of_this_place(left))

    def _erased(self) -> list[str]:
        """What is said of items that were left out because they were erased."""
        return [f"{count(self.left_out, 'entry', 'entries')} left out because erased."] if self.left_out else []

    def _still_due(self, store: Store) -> list[str] | None:
        """The threads that the schedule wanted and that were not read; None where the user asked for all of some days."""
        return None if self.window.asked else [thread.id for thread in self._history(store).due()]

    def finish(self, store: Store, error: SourceError | None) -> Coverage:
        """Settle which items are gone and say what was read; `error` is what ended the reading, if it did not end well."""
        failed = [str(error)] if error else []
        missing = [*failed, *self.window.gaps]
        for one in [*self.ended, *([self.window] if self.pages else [])]:
            whole = one is not self.window or not missing
            settled = settle(
                store,
                self.coverage.run_id,
                self.source.name,
                pass_started_at=one.started_at,
                listed=one.listed,
                due=() if whole else self._still_due(store),
                since=one.since,
                until=one.until,
                complete=whole,
                at=store.now(),
            )
            self.coverage = replace(self.coverage, items_gone=self.coverage.items_gone + settled.absent)
            if settled.emptied:
                failed.append(
                    f"It showed nothing at all, where {count(settled.emptied, 'item')} had been: nothing was taken for "
                    f"deleted. Look at the page itself, and at what the key may read (docs/access/{self.source.platform}.md)."
                )
        missing = [*failed, *self.window.gaps]
        if not missing and not self.window.asked:
            self._keep(store, self.window.finished().as_position())
        behind = [BEHIND.format(day(self.window.started_at))] if self.window.is_behind and not error else []
        notes = [note for one in (*self.ended, self.window) for note in one.notes]
        self.coverage = replace(
            self.coverage,
            outcome="complete" if not missing + behind else ("partial" if self.pages or self.ended else "unread"),
            # What somebody must act on comes first: the report cuts a long reason.
            reason=" ".join(
                dict.fromkeys([*failed, *self.remarks, *behind, *self.window.gaps, *self._erased(), *notes])
            ),
        )
        return self.coverage


def _planned(
    source: Source,
    schedule: Schedule,
    left: Mapping[str, Any] | None,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Pass:
    """The pass to make now over `source`, from the position that the last one `left`."""
    return next_pass(
        left,
        now,
        since,
        until,
        listed_for=timedelta(days=PLATFORMS[source.platform].listed_for_days),
        whole_after=timedelta(days=schedule.slowest),
    )


def why_another_place(store: Store, source: Source) -> SourceError | None:
    """Why `source` cannot be read under its name (it is not the account that was read under it before), or None."""
    before = (position(store, source.name) or {}).get("place")
    # A position from before the place was kept says nothing of it.
    place = _place_of(source)
    changed = [key for key in place if before and before.get(key) != place[key]]
    return Refused(OTHER_PLACE.format(name=source.name, key=changed[0])) if changed else None


def _place_of(source: Source) -> dict[str, str]:
    """The keys by which a platform knows the place that `source` reads."""
    keys = [key for key in PLATFORMS[source.platform].keys if key not in MAY_CHANGE]
    return {"platform": source.platform, **{key: source.keys.get(key, "").strip() for key in keys}}


def why_unreadable(source: Source) -> SourceError | None:
    """Why `source` cannot be read at all (a key or a secret is missing, or cannot be one), or None; nothing is called."""
    try:
        require(source)
        if source.oauth is None:
            connect(source).close()
    except Refused as error:
        return error
    return None
