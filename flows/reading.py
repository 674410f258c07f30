"""One source read in one run: pages landed as they come, counted, and judged complete or not."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.errors import Refused, SourceError
from connectors.item import Page
from connectors.registry import connect, reader
from connectors.source import Source
from flows.passes import Pass, next_pass
from flows.progress import logger
from warehouse.landing import keep_position, land, position
from warehouse.runs import Coverage
from warehouse.states import settle
from warehouse.store import Store

# Seconds. A source that has not been read by then is reported as partly read, and the next scan goes on from there.
TIME_FOR_A_SOURCE = 30 * 60.0


@dataclass
class Reading:
    """What one run has read of one source so far; retries go on with the same one."""

    source: Source
    window: Pass
    coverage: Coverage
    pages: int = 0

    @classmethod
    def begin(
        cls, store: Store, run_id: str, source: Source, now: datetime, since: datetime | None, until: datetime | None
    ) -> Reading:
        """Plan the pass from what the last one left; `since` and `until` are the user's own bounds, if any."""
        window = next_pass(position(store, source.name), now, since, until)
        coverage = Coverage(
            run_id=run_id,
            source=source.name,
            platform=source.platform,
            outcome="unread",
            reason="",
            since=window.since,
            until=window.until or now,
        )
        return cls(source=source, window=window, coverage=coverage)

    def read(self, store: Store) -> None:
        """Read and land page after page, from where the last attempt stopped.

        Raises connectors.errors.SourceError where the source cannot be read on; what has landed stays.
        """
        http = connect(self.source, deadline=time.monotonic() + TIME_FOR_A_SOURCE)
        try:
            for page in reader(self.source.platform)(self.source, self.window.window, http):
                self._land(store, page)
        finally:
            self.coverage = replace(self.coverage, requests=self.coverage.requests + http.requests)
            http.close()

    def _land(self, store: Store, page: Page) -> None:
        self.window = self.window.after_page(page)
        landed = land(store, self.coverage.run_id, self.source.name, page, self.window.as_position())
        self.pages += 1
        seen = self.coverage
        self.coverage = replace(
            seen,
            items_seen=seen.items_seen + landed.seen,
            items_new=seen.items_new + landed.new,
            items_edited=seen.items_edited + landed.edited,
            quarantined=seen.quarantined + landed.quarantined,
            expected=seen.expected if page.expected is None else (seen.expected or 0) + page.expected,
        )
        logger.info("%s: %s items read", self.source.name, f"{self.coverage.items_seen:,}")

    def left_out(self, reason: str) -> Coverage:
        """The source is not read in this run."""
        return replace(self.coverage, outcome="skipped", reason=reason)

    def finish(self, store: Store, error: SourceError | None) -> Coverage:
        """Settle which items are gone and say what was read; `error` is what ended the reading, if it did not end well."""
        reasons = ([str(error)] if error else []) + list(self.window.gaps)
        complete = not reasons
        outcome = "complete" if complete else ("partial" if self.pages else "unread")
        gone = 0
        if self.pages:
            gone = settle(
                store,
                self.coverage.run_id,
                self.source.name,
                pass_started_at=self.window.started_at,
                since=self.window.since,
                until=self.window.until,
                # What went to quarantine may be the very items that were not seen.
                complete=complete and not self.window.quarantined,
                at=datetime.now(UTC),
            )
        if complete:
            keep_position(store, self.coverage.run_id, self.source.name, self.window.finished().as_position())
        self.coverage = replace(self.coverage, outcome=outcome, reason=" ".join(reasons), items_gone=gone)
        return self.coverage


def why_unreadable(source: Source) -> SourceError | None:
    """Why `source` cannot be read at all (no connector yet, no secret), or None."""
    try:
        connect(source).close()
    except Refused as error:
        return error
    return None
