"""The record of runs: begun, what each source gave, ended, and the report that was frozen with the end."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from warehouse.evidence.chain import seal_one
from warehouse.outbox import FrozenReport, freeze
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one run read of one source: `outcome` is complete, partial, unread or skipped, `reason` says why.

    `since` and `until` bound when the threads were begun that were asked for (aware; None: no bound); `of_days`: these are
    days that the user gave, and not what the night reads by itself. `expected` is what the platform's own counters promise
    for them, where it has any.
    """

    run_id: str
    source: str
    platform: str
    outcome: str
    reason: str
    since: datetime | None = None
    until: datetime | None = None
    of_days: bool = False
    items_seen: int = 0
    items_new: int = 0
    items_edited: int = 0
    items_gone: int = 0
    expected: int | None = None
    requests: int = 0
    quarantined: int = 0


def start_run(store: Store, kind: str, now: datetime) -> str:
    """Begin a run of `kind` (scan, import, check) and give its id, which sorts by time."""
    run_id = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    with store.transaction() as connection:
        connection.execute("INSERT INTO store.run_started VALUES (?, ?, ?)", [run_id, kind, now])
    store.lease.begin_run(run_id)
    return run_id


def record_coverage(store: Store, coverage: Coverage) -> None:
    """Keep what a run read of a source."""
    kept = {**asdict(coverage), "recorded_at": store.now()}
    columns, marks = ", ".join(kept), ", ".join("?" * len(kept))
    with store.transaction() as connection:
        connection.execute(f"INSERT INTO store.coverage ({columns}) VALUES ({marks})", list(kept.values()))


def end_run(
    store: Store, run_id: str, outcome: str, note: str, at: datetime, *, report: FrozenReport | None = None
) -> None:
    """End a run (`outcome`: complete, partial, failed) and freeze its report, both or neither."""
    with store.transaction() as connection:
        if report is not None:
            freeze(connection, report)
            seal_one(connection, "reported", "report", report.report_id, at)
        connection.execute("INSERT INTO store.run_ended VALUES (?, ?, ?, ?)", [run_id, at, outcome, note])
