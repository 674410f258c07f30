"""A history of any size, made with a few statements: the comments of tests.benchmarks.measured, landed, sealed, judged.

It is what landing them page by page leaves, but for the raw pages: 10,000,000 in minutes, where landing would take hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from checks.catalogue import Check
from checks.roster import Roster
from checks.runner import run_checks
from tests.benchmarks.measured import BEGINNING, FOUND, LOOKED_AT, VOCABULARY
from warehouse.evidence.chain import seal, seal_subjects
from warehouse.runs import end_run, start_run
from warehouse.statements import set_variables
from warehouse.store import open_store

# So many comments are made in one transaction, as one night.
AT_ONCE = 500_000
MADE = (Path(__file__).parent / "stored.sql").read_text(encoding="utf-8")


def make_history(
    home: Path, count: int, source: str, checks: Sequence[Check], roster: Roster, *, with_chain: bool
) -> None:
    """Fill an empty home with `count` comments of `source`, as of one run, which `checks` have judged."""
    with open_store(home) as store:
        run_id = start_run(store, "scan", datetime.now(UTC))
        # Of nothing: it keeps what the checks and the people were.
        run_checks(store, run_id, roster=roster, checks=checks, at=datetime.now(UTC))
        for first in range(0, count, AT_ONCE):
            some = min(AT_ONCE, count - first)
            with store.transaction() as connection:
                _make(connection, run_id, source, first, some, store.now())
                if with_chain:
                    seal_subjects(connection, version=f"SELECT unnest(range({first + 1}, {first + some + 1}))")
                    seal(connection, "captured", "", store.now(), ["version"], with_media=False)
        with store.transaction() as connection:
            for check in checks:
                connection.execute(
                    "INSERT INTO store.judged VALUES (?, ?, 0, ?, ?, now())",
                    [check.id, check.about.version, count, run_id],
                )
        end_run(store, run_id, "complete", "", datetime.now(UTC))


def _make(
    connection: duckdb.DuckDBPyConnection, run_id: str, source: str, first: int, count: int, at: datetime
) -> None:
    set_variables(
        connection,
        first=first,
        count=count,
        run_id=run_id,
        source=source,
        seen_at=at.isoformat(),
        beginning=BEGINNING.isoformat(),
        words=VOCABULARY.split(),
        looked_at=list(LOOKED_AT),
        found=list(FOUND),
    )
    connection.execute(MADE)
