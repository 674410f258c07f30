"""Checks over 200,000 texts, against one bare DuckDB query that only asks which texts the validators must look at.

The bare query is what any judgement costs at least; the run also reads what it answers, normalises, finds people and
telephone numbers, scores, judges, and writes flags and what was judged.

    python -m tests.benchmarks.checks [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from checks.catalogue import load_checks
from checks.examples import ROSTER
from checks.roster import Roster
from checks.runner import run_checks
from checks.validators import Validators
from tests.benchmarks.measured import pages, peak_megabytes, seconds
from warehouse.gate import gate
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.store import open_store


def main(count: int) -> None:
    """Judge everything once; print texts per second, and the ratio to the bare query."""
    checks, roster = load_checks(), Roster.load(ROSTER)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        run_id = start_run(store, "check", datetime.now(UTC))
        for page in pages(0, count):
            land(store, run_id, "benchmark", page, None)
        connection = store.connection()
        bare_query = f"SELECT count_if({gate(connection, Validators(roster).gates)}) FROM store.revision"
        passed = connection.execute(bare_query).fetchone()
        bare = seconds(lambda: connection.execute(bare_query).fetchall())
        taken = seconds(lambda: run_checks(store, run_id, roster=roster, checks=checks, at=datetime.now(UTC)))
        flags = connection.execute("SELECT count(*) FROM store.flag").fetchone()
    share = passed[0] / count if passed else 0
    print(
        f"checks over {count:,} texts: {taken:.1f} s ({count / taken:,.0f} a second), {flags[0] if flags else 0:,} flags"
    )
    print(f"bare gate: {bare:.2f} s ({count / bare:,.0f} a second); {share:.0%} pass")
    print(f"ratio {taken / bare:.1f}; peak memory {peak_megabytes():,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
