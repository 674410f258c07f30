"""A night with 5,000 new comments among 50,000 that are seen, on a history of 100,000 and on one of 1,000,000.

The night is what a scan does to the warehouse: what is due, pages of 100 as an API gives them, states, terms, checks, the
snapshot. Its cost
should follow what is new: the ratio says by how much ten times the history makes it slower. The snapshot is a copy of the
whole file and is told apart.

    python -m tests.benchmarks.night [SMALL LARGE]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks.catalogue import Check, load_checks
from checks.examples import ROSTER
from checks.roster import Roster
from checks.runner import run_checks
from connectors.item import Item, Listed, Page, ThreadRead
from tests.benchmarks.measured import comments, in_the_clear, middle, pages, seconds
from warehouse.known import History
from warehouse.landing import land
from warehouse.retention import apply_terms
from warehouse.runs import end_run, start_run
from warehouse.schedule import Schedule
from warehouse.snapshot import publish
from warehouse.states import settle
from warehouse.store import Store, open_store

SEEN, NEW, API_PAGE, NIGHTS = 50_000, 5_000, 100, 3
STEPS = ("open", "due", "land", "states", "checks", "terms", "snapshot")


def nights(stored: int, *, encrypted: bool = True) -> dict[str, float]:
    """Seconds by step of the middle one of three nights on a history of `stored` comments."""
    checks, roster = load_checks(), Roster.load(ROSTER)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if not encrypted:
            in_the_clear(home)
        with open_store(home) as store:
            run_id = start_run(store, "scan", datetime.now(UTC))
            for page in pages(0, stored):
                land(store, run_id, "channel", replace(page, threads=threads_of(page.items)), None)
            run_checks(store, run_id, roster=roster, checks=checks, at=datetime.now(UTC))
            end_run(store, run_id, "complete", "", datetime.now(UTC))
        taken = []
        for night in range(1, NIGHTS + 1):
            opening = seconds(lambda: open_and_close(home))
            with open_store(home) as store:
                taken.append({"open": opening} | one_night(store, stored + night * NEW, checks, roster))
    return {step: middle([one[step] for one in taken]) for step in STEPS}


def one_night(store: Store, last: int, checks: Sequence[Check], roster: Roster) -> dict[str, float]:
    """Seconds by step of a night that sees the SEEN comments before number `last`."""
    begun = datetime.now(UTC)
    run_id = start_run(store, "scan", begun)
    items = list(comments(last - SEEN, SEEN))
    # A thread that began before the first comment seen was not asked for.
    since = min(item.created_at for item in items if item.created_at) + timedelta(minutes=20)

    def settle_states() -> None:
        settle(
            store,
            run_id,
            "channel",
            pass_started_at=begun,
            listed=[Listed(("comment",), since)],
            due=(),
            since=since,
            until=begun,
            complete=True,
            at=begun,
        )

    taken = {
        "due": seconds(lambda: History(store, "channel", begun, Schedule()).due()),
        "land": seconds(lambda: land_pages(store, run_id, items)),
        "states": seconds(settle_states),
        "checks": seconds(lambda: run_checks(store, run_id, roster=roster, checks=checks, at=datetime.now(UTC))),
        "terms": seconds(lambda: apply_terms(store, run_id, {"channel": "youtube"}, begun)),
    }
    end_run(store, run_id, "complete", "", datetime.now(UTC))
    return taken | {"snapshot": seconds(lambda: publish(store))}


def open_and_close(home: Path) -> None:
    """What a night costs before it reads anything."""
    with open_store(home):
        pass


def land_pages(store: Store, run_id: str, items: list[Item]) -> None:
    """Land items in pages as small as those of an API."""
    for start in range(0, len(items), API_PAGE):
        some = items[start : start + API_PAGE]
        land(store, run_id, "channel", Page(items=some, threads=threads_of(some)), {"at": start})


def threads_of(items: Sequence[Item]) -> list[ThreadRead]:
    """The threads that begin among `items`, as read whole."""
    return [ThreadRead(item.id) for item in items if item.id == item.thread_id]


def main(small: int, large: int) -> None:
    """Print the seconds of each step on both histories, and the ratios."""
    before, after = nights(small), nights(large)
    print(f"{'':10}{small:>12,}{large:>12,}    ratio")
    for step in STEPS:
        print(f"{step:10}{before[step]:11.2f}s{after[step]:11.2f}s{after[step] / before[step]:9.2f}")
    for words, steps in (("all", STEPS), ("without the snapshot", STEPS[:-1])):
        one, other = (sum(times[step] for step in steps) for times in (before, after))
        print(f"{words}: {one:.2f} s and {other:.2f} s, ratio {other / one:.2f}")


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:3]]
    main(*(sizes or (100_000, 1_000_000)))
