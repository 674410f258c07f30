"""What a night costs: 5,000 new comments among 50,000 that are seen, on histories of several sizes, encrypted and with the
chain, and without both.

The night is what a scan does to the warehouse: what is due, pages of 100 as an API gives them, gathered as a scan gathers
them, states, terms, checks, what is new carried over into the published copy (once a week all is copied). Its cost should
follow what is new: the ratios say by how much more history makes it slower. Without the chain nothing tells that a copy is
an earlier state, so all is copied there, and the sum without the copy is told too. Each history is made in a process of
its own with a few statements (tests.benchmarks.stored), encrypted and with its chain: 10,000,000 takes some ten minutes
and 6 GB.

    python -m tests.benchmarks.night [SIZE ...] [--folder FOLDER]     # default: 100,000 1,000,000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from checks.catalogue import Check, load_checks
from checks.examples import ROSTER
from checks.roster import Roster
from checks.runner import run_checks
from connectors.item import Item, Listed, Page, ThreadRead
from flows.gathering import gathered
from tests.benchmarks.measured import comments, in_the_clear, middle, peak_megabytes, without_chain
from tests.benchmarks.stored import make_history
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
WITH, WITHOUT = "with", "without"


def nights(
    stored: int, *, encrypted: bool = True, chain: bool = True, folder: str | None = None, cpu: bool = False
) -> dict[str, float]:
    """Seconds (with `cpu`, of processor time) by step of the middle one of three nights on a history of `stored` comments,
    what the live file has grown by in it ("grown", MB), and how large the file is at the end ("file", MB).
    """
    checks, roster = load_checks(), Roster.load(ROSTER)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name)
        if not encrypted:
            in_the_clear(home)
        make_history(home, stored, "channel", checks, roster, with_chain=chain)
        live = home / "warehouse" / "live.duckdb"
        taken = []
        clock = time.process_time if cpu else time.perf_counter
        for night in range(1, NIGHTS + 1):
            size = live.stat().st_size
            opening = timed(lambda: open_and_close(home), clock)
            with open_store(home) as store:
                steps = {"open": opening} | one_night(store, stored + night * NEW, checks, roster, clock)
            taken.append(steps | {"grown": (live.stat().st_size - size) / 1e6})
        file = live.stat().st_size / 1e6
    return {step: middle([one[step] for one in taken]) for step in (*STEPS, "grown")} | {"file": file}


def timed(task: Callable[[], object], clock: Callable[[], float]) -> float:
    """How long `task` takes by this clock."""
    start = clock()
    task()
    return clock() - start


def one_night(
    store: Store, last: int, checks: Sequence[Check], roster: Roster, clock: Callable[[], float]
) -> dict[str, float]:
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
        "due": timed(lambda: History(store, "channel", begun, Schedule()).due(), clock),
        "land": timed(lambda: land_pages(store, run_id, items), clock),
        "states": timed(settle_states, clock),
        "checks": timed(lambda: run_checks(store, run_id, roster=roster, checks=checks, at=datetime.now(UTC)), clock),
        "terms": timed(lambda: apply_terms(store, run_id, {"channel": "youtube"}, begun), clock),
    }
    end_run(store, run_id, "complete", "", datetime.now(UTC))
    return taken | {"snapshot": timed(lambda: publish(store), clock)}


def open_and_close(home: Path) -> None:
    """What a night costs before it reads anything."""
    with open_store(home):
        pass


def land_pages(store: Store, run_id: str, items: list[Item]) -> None:
    """Land items that come in pages as small as those of an API, as a scan does (flows.reading)."""
    parts = (items[start : start + API_PAGE] for start in range(0, len(items), API_PAGE))
    for page in gathered(Page(items=some, threads=threads_of(some)) for some in parts):
        land(store, run_id, "channel", page, {"at": page.items[-1].id})


def threads_of(items: Sequence[Item]) -> list[ThreadRead]:
    """The threads that begin among `items`, as read whole."""
    return [ThreadRead(item.id) for item in items if item.id == item.thread_id]


def in_a_process(size: int, how: str, folder: str | None) -> dict[str, float]:
    """The same in a process of its own, with the most memory that it used ("memory", MB)."""
    where = ["--folder", folder] if folder else []
    asked = [sys.executable, "-m", "tests.benchmarks.night", str(size), "--one", how, *where]
    done = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Print the processor seconds of each step by size, with and without, and the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--folder")
    parser.add_argument("--one", choices=(WITH, WITHOUT))
    given = parser.parse_args()
    if given.one:
        full = given.one == WITH
        if not full:
            without_chain()
        taken = nights(given.sizes[0], encrypted=full, chain=full, folder=given.folder, cpu=True)
        print(json.dumps(taken | {"memory": peak_megabytes()}))
        return
    ours = {size: in_a_process(size, WITH, given.folder) for size in given.sizes}
    bare = {size: in_a_process(size, WITHOUT, given.folder) for size in given.sizes}
    smallest = given.sizes[0]
    print(
        "CPU seconds, encrypted and with the chain; how many times as much as without both; and as on the smallest history"
    )
    print(f"{'':10}" + "".join(f"{size:>12,}{'':16}" for size in given.sizes))
    for step in STEPS:
        print(
            f"{step:10}"
            + "".join(_cell(ours[size][step], bare[size][step], ours[smallest][step]) for size in given.sizes)
        )
    for words, steps in (("all", STEPS), ("but copy", STEPS[:-1])):
        sums = {
            size: [sum(taken[step] for step in steps) for taken in (ours[size], bare[size])] for size in given.sizes
        }
        print(f"{words:10}" + "".join(_cell(*sums[size], sums[smallest][0]) for size in given.sizes))
    for what, unit in (("grown", "MB a night"), ("file", "MB"), ("memory", "MB at most")):
        print(f"{what:10}" + "".join(f"{ours[size][what]:12,.1f} {unit:15}" for size in given.sizes))


def _cell(value: float, without: float, smallest: float) -> str:
    return f"{value:11.2f}s{value / without:8.2f}{value / smallest:8.2f}"


if __name__ == "__main__":
    main()
