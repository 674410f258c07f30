"""A scan that finds the very same scan under way does not read everything again: it waits, and shows what that one found."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from flows.config import Config
from flows.outbox import Delivered, refused
from flows.report_facts import count_told
from flows.scan_result import ScanResult
from warehouse.lease import Holder
from warehouse.runs import Coverage
from warehouse.statements import statement
from warehouse.store import Store


def job_of(config: Config, *, email: bool) -> str:
    """The name of the work of a scan of all sources: the same configuration and roster, and a report that is sent or not."""
    content = hashlib.sha256(config.model_dump_json().encode())
    for path in (config.roster, config.permissions):
        content.update(path.read_bytes() if path and path.is_file() else b"")
    return f"scan {content.hexdigest()} {'sent' if email else 'not sent'}"


def jobs_that_do(config: Config, *, email: bool) -> tuple[str, ...]:
    """The jobs that leave nothing to do for such a scan: one that sends its report does for one that need not."""
    return tuple(job_of(config, email=sends) for sends in ((True,) if email else (True, False)))


def result_of_another(
    store: Store, waited_for: Collection[Holder], jobs: Collection[str], home: Path
) -> ScanResult | None:
    """What the last of those runs found that did one of `jobs` while we waited; None if none of them ended well."""
    for holder in reversed(list(waited_for)):
        if holder.run_id and holder.job in jobs:
            found = _result(store, holder, home)
            if found and found.outcome != "failed":
                return found
    return None


def _result(store: Store, holder: Holder, home: Path) -> ScanResult | None:
    connection = store.connection()
    ended = connection.execute("SELECT outcome, note FROM store.run_ended WHERE run_id = ?", [holder.run_id]).fetchall()
    if not ended:
        return None
    outcome, note = ended[0]
    coverage = connection.execute(
        """SELECT run_id, source, platform, outcome, reason, since, until, of_days, items_seen, items_new, items_edited,
               items_gone, expected, requests, quarantined
           FROM store.coverage WHERE run_id = ? ORDER BY rowid""",
        [holder.run_id],
    ).fetchall()
    flags = connection.execute("SELECT count(*) FROM store.flag WHERE run_id = ?", [holder.run_id]).fetchall()
    messages = connection.execute(statement("delivery_of_run"), [holder.run_id]).fetchall()
    states = [state for _, state, _ in messages]
    report = home / "outbox" / f"report-{holder.run_id}.html"
    delivered = Delivered(
        sent=states.count("sent"),
        failed=states.count("failed"),
        waiting=len([state for state in states if state not in ("sent", "failed")]),
        files=[report] if report.exists() else [],
        problems=[refused(recipient, why) for recipient, state, why in messages if state == "failed"],
    )
    return ScanResult(
        run_id=holder.run_id,
        outcome=outcome,
        coverage=[Coverage(*row) for row in coverage],
        flags_new=flags[0][0],
        delivered=delivered,
        problems=([note] if note else []) + delivered.problems,
        joined=holder.what,
        told=count_told(connection, holder.run_id, store.now()),
    )
