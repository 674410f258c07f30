"""The lines of what is stored: the published copy, what waits in the outbox, holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.days import today
from flows.finding import Finding
from flows.report_words import count, moment
from flows.retaining import standing_holds
from warehouse.encryption import EncryptionError
from warehouse.query import QueryError, QueryResult, run_query
from warehouse.store import LIVE

PUBLISHED = "history.duckdb"
# A run may be writing now: what it writes is published at its end.
BEHIND = timedelta(hours=6)
WAITING = "SELECT count(*), min(composed_at) FROM reports WHERE status = 'waiting'"
LAST_REPORT = "SELECT run_id, status FROM reports ORDER BY composed_at DESC, report_id DESC LIMIT 1"


def ask(home: Path, question: str) -> QueryResult | None:
    """The answer of the published history; None where there is none, or it cannot be opened (encryption says why)."""
    if not (home / PUBLISHED).exists():
        return None
    try:
        return run_query(home / PUBLISHED, question, seconds=10)
    except (QueryError, EncryptionError):
        return None


def published_findings(home: Path) -> Iterator[Finding]:
    """How old the copy is that the review page and questions read; nothing before the first run."""
    published, live = home / PUBLISHED, home / "warehouse" / LIVE
    if not published.exists():
        if live.exists():
            yield Finding(
                "history", "broken", "What was stored has never been published, so nobody can read it.", "acto check"
            )
        return
    written = datetime.fromtimestamp(published.stat().st_mtime, UTC)
    behind = datetime.fromtimestamp(live.stat().st_mtime, UTC) - written if live.exists() else timedelta(0)
    size = f"{published.stat().st_size / 1e6:,.1f} MB"
    if behind > BEHIND:
        hours = count(round(behind.total_seconds() / 3600), "hour")
        says = f"The published copy is {hours} older than what is stored: a run did not end well."
        yield Finding("history", "warning", says, "acto check")
    elif ask(home, "SELECT count(*) FROM runs") is None:
        yield Finding(
            "history", "broken", f"{published} cannot be read; the line on encryption may say why.", "acto verify"
        )
    else:
        yield Finding("history", "ok", f"published on {moment(written)}, {size}")


def outbox_findings(home: Path) -> Iterator[Finding]:
    """What waits to be sent, and whether the last report came through; nothing before the first report."""
    answer = ask(home, WAITING)
    if answer is None:
        return
    waiting, since = answer.rows[0]
    last = ask(home, LAST_REPORT)
    if waiting:
        says = f"{count(waiting, 'report')} not sent yet, the oldest of {moment(since)}: the next scan tries again."
        yield Finding("outbox", "warning", says, "acto scan")
    elif last and last.rows and last.rows[0][1] == "failed":
        says = "The last report was refused by the mail server for good."
        yield Finding("outbox", "broken", says, f"acto report --run {last.rows[0][0]} --open")
    else:
        yield Finding("outbox", "ok", "nothing waits to be sent")


def hold_findings(home: Path) -> Iterator[Finding]:
    """What is held, if anything, and whether somebody was to have looked at it again."""
    history = home / PUBLISHED
    try:
        holds = standing_holds(history) if history.exists() else None
    except EncryptionError:
        return
    if holds is None or not holds.rows:
        return
    overdue = sum(row[holds.columns.index("review_by")] < today() for row in holds.rows)
    said = f"{count(len(holds.rows), 'item')} held against retention"
    if overdue:
        yield Finding("holds", "warning", f"{said}, {overdue} past the day of review", "acto retain --list")
    else:
        yield Finding("holds", "ok", said)
