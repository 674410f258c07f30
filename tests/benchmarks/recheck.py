"""Judging older versions again after a check has changed, against the checks' own speed on the same texts.

On a history of 1,000,000 versions the newest few slices are judged again as they are after a night's report: found,
judged, kept with their flags and with the note that they were judged. The checks' own speed is what judging the same rows
takes without any warehouse, in the same run. What is asked for is a ratio of 0.8 or more; where other work shares the machine,
the ratio of processor time is the one to trust.

    python -m tests.benchmarks.recheck [STORED SLICES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from checks.catalogue import load_checks
from checks.due import everything
from checks.examples import ROSTER
from checks.judging import judge_rows
from checks.roster import Roster
from checks.runner import SHORT_SLICE, judge_again
from checks.scorer.scorer import default_scorer
from checks.validators import Validators
from tests.benchmarks.measured import pages, peak_megabytes, seconds
from warehouse.judged import to_judge
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.store import open_store


def main(stored: int, slices: int) -> None:
    """Print texts a second of both, and the ratio."""
    checks, roster, scorer = load_checks(), Roster.load(ROSTER), default_scorer()
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        run_id = start_run(store, "recheck", datetime.now(UTC))
        for page in pages(0, stored):
            land(store, run_id, "benchmark", page, None)
        judged = 0

        def go_on(number: int) -> bool:
            nonlocal judged
            judged = number
            return number < slices * SHORT_SLICE

        todo = everything(store, checks)
        busy = time.process_time()
        taken = seconds(lambda: judge_again(store, run_id, roster=roster, checks=checks, todo=todo, go_on=go_on))
        busy, own, own_busy = time.process_time() - busy, 0.0, 0.0
        with to_judge(store) as pending:
            for number in range(slices):
                last = stored - number * SHORT_SLICE
                pending.want([(last - SHORT_SLICE, last)], None, "row")
                rows = pending.rows(Validators(roster).gates)
                begun = time.process_time()
                own += seconds(lambda rows=rows: judge_rows(rows, checks, roster, scorer))  # type: ignore[misc]
                own_busy += time.process_time() - begun
    speed, own_speed = judged / taken, slices * SHORT_SLICE / own
    print(f"judged again: {judged:,} of {stored:,} in {taken:.1f} s ({speed:,.0f} a second)")
    print(f"the checks alone: {own_speed:,.0f} a second")
    print(
        f"ratio {speed / own_speed:.2f}, by processor time {own_busy / busy:.2f}; peak memory {peak_megabytes():,.0f} MB"
    )


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:3]]
    main(*(sizes or (1_000_000, 8)))
