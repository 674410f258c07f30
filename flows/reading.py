"""One source read in one run: pages landed as they come, counted, and judged complete or not."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.errors import Refused, SourceError
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


@dataclass
class Reading:
    """What one run has read of one source so far; retries go on with the same one.

    `remarks` are what the report says of the source whatever is read of it.
    """

    source: Source
    schedule: Schedule
    window: Pass
    coverage: Coverage
    remarks: tuple[str, ...] = ()
    pages: int = 0
    left_out: int = 0

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
        window = next_pass(
            position(store, source.name),
            now,
            since,
            until,
            listed_for=timedelta(days=PLATFORMS[source.platform].listed_for_days),
            whole_after=timedelta(days=schedule.slowest),
        )
        coverage = Coverage(
            run_id=run_id,
            source=source.name,
            platform=source.platform,
            outcome="unread",
            reason="",
            since=window.since,
            until=window.until or now,
        )
        return cls(source=source, schedule=schedule, window=window, coverage=coverage, remarks=remarks)

    def read(self, store: Store) -> None:
        """Read and land page after page, from where the last attempt stopped.

        Raises connectors.errors.SourceError where the source cannot be read on; what has landed stays.
        """
        store.lease.beat()
        http = connect(self.source, deadline=time.monotonic() + TIME_FOR_A_SOURCE)
        asked = Window(
            since=self.window.since,
            until=self.window.until,
            resume=self.window.resume,
            bookmark=self.window.bookmark,
            known=self._history(store),
        )
        try:
            with working(self.source.name) as work:
                for page in gathered(reader(self.source.platform)(self.source, asked, http)):
                    self._land(store, page)
                    # How much there is nobody knows: what a platform counts is told page by page.
                    work.at(
                        self.coverage.items_seen, f"{count(self.coverage.items_seen, 'item')} read{self._back_to(page)}"
                    )
        finally:
            self.coverage = replace(self.coverage, requests=self.coverage.requests + http.requests)
            http.close()

    def _back_to(self, page: Page) -> str:
        """Which day a long reading has come to, for whoever waits for its end; "" for one of these weeks."""
        days = [item.created_at for item in page.items if item.created_at and not item.parent_id]
        oldest = min(days, default=self.window.started_at)
        return f", back to {day(oldest)}" if self.window.started_at - oldest > timedelta(days=31) else ""

    def _history(self, store: Store) -> History:
        return History(store, self.source.name, store.now(), self.schedule, all_due=self.window.asked)

    def _land(self, store: Store, page: Page) -> None:
        self.window = self.window.after_page(page)
        allowed = terms_of(self.source.platform).fit(page)
        left = None if self.window.asked else self.window.as_position()
        landed = land(store, self.coverage.run_id, self.source.name, allowed, left)
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
        if self.pages:
            settled = settle(
                store,
                self.coverage.run_id,
                self.source.name,
                pass_started_at=self.window.started_at,
                listed=self.window.listed,
                due=self._still_due(store) if missing else (),
                since=self.window.since,
                until=self.window.until,
                complete=not missing,
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
            keep_position(store, self.coverage.run_id, self.source.name, self.window.finished().as_position())
        self.coverage = replace(
            self.coverage,
            outcome="complete" if not missing else ("partial" if self.pages else "unread"),
            # What somebody must act on comes first: the report cuts a long reason.
            reason=" ".join(
                dict.fromkeys([*failed, *self.remarks, *self.window.gaps, *self._erased(), *self.window.notes])
            ),
        )
        return self.coverage


def why_unreadable(source: Source) -> SourceError | None:
    """Why `source` cannot be read at all (a key or a secret is missing, or cannot be one), or None; nothing is called."""
    try:
        require(source)
        if source.oauth is None:
            connect(source).close()
    except Refused as error:
        return error
    return None
