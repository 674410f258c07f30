"""What is said where nights were missed, or where this machine's clock cannot be right: in the report, in the terminal, by
`acto flags` and by `acto doctor`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from flows.report_words import age, capitalised, count, day, moment
from warehouse.clock import LONGEST_BREAK
from warehouse.encryption import EncryptionError
from warehouse.query import QueryError, UnknownNameError, run_query

# A night and a half: tonight's scan may begin late.
A_NIGHT_WAS_MISSED = timedelta(hours=36)
QUERIES = Path(__file__).parent / "queries"


def about_missed_nights(
    connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime, *, all_read: bool, all_asked_for: bool = True
) -> str:
    """A sentence or two about the time since the last scan of everything; "" where there is nothing to say of it.

    `now` is aware; `all_read` is whether this run has read all that it was to read, `all_asked_for` whether that was
    everything, and not some sources or some days.
    """
    last, others_since = _scan_before(connection, run_id)
    if last is None:
        return ""
    if last > now:
        return (
            f"This machine’s clock says {day(now)}, but its last scan {day(last)}: one of the two is wrong. "
            "Ask whoever runs this to look at the clock."
        )
    if now - last < A_NIGHT_WAS_MISSED:
        return ""
    since = "Everything since has been read." if all_read else "What could not be read of that time is listed below."
    if not all_asked_for:
        since = "This scan was not to read all that has come since: the next nightly one is."
    if now - last <= LONGEST_BREAK:
        return f"{capitalised(_which(others_since))} was {age(last, now)} ago. {since}"
    days = count((now - last).days, "day")
    return (
        f"By this machine’s clock {_which(others_since)} was {days} ago. {since} If that is not so, the clock is wrong: "
        "until the next scan nothing is removed for its age."
    )


def nights_missed_before(connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime) -> str:
    """A sentence for whoever runs this, said when the first run after missed nights begins; "" where none was."""
    last, others_since = _scan_before(connection, run_id)
    if last is None or last > now or now - last < A_NIGHT_WAS_MISSED:
        return ""
    which = capitalised(_which(others_since))
    return f"{which} was {age(last, now)} ago, so nights were missed. This one reads what has come since."


def nights_missed_since(history: Path, now: datetime) -> str:
    """The same of the published history, for whoever asks it before the next scan: what was posted since is not in it.

    Says nothing of one that an earlier version of the program has published: the next run brings it up to date. Raises
    warehouse.query.QueryError where it cannot be read.
    """
    last = _last_scan(history)
    if last is None or now - last < A_NIGHT_WAS_MISSED:
        return ""
    return f"The last scan of all sources was {age(last, now)} ago, so nights were missed: what was posted since is not in here."


def made_up_for(history: Path, planned: datetime) -> str:
    """Why a night that was planned for then need not be scanned any more; "" where it must. After a power cut Prefect starts
    all nights that passed, one after another: the first reads what has come since, and the others would only send it again.
    """
    sql = (QUERIES / "scan_since.sql").read_text(encoding="utf-8")
    try:
        [(since,)] = run_query(history, sql, parameters={"since": planned}).rows if history.exists() else [(None,)]
    except (QueryError, EncryptionError):
        return ""
    return f"The night of {moment(planned)} was made up for by the scan of {moment(since)}." if since else ""


def _last_scan(history: Path) -> datetime | None:
    try:
        rows = run_query(history, (QUERIES / "last_scan.sql").read_text(encoding="utf-8")).rows
    except UnknownNameError:
        # Published before there was anything that says which scans were of some sources or some days.
        return None
    return rows[0][0] if rows else None


def _which(others_since: bool) -> str:
    """What the last scan of everything is called: more exactly where another came after it."""
    return "the last scan of all sources that did not fail" if others_since else "the last scan"


def _scan_before(connection: duckdb.DuckDBPyConnection, run_id: str) -> tuple[datetime | None, bool]:
    """When the last scan of everything before this run that did not fail began, and whether other scans came after it."""
    sql = (QUERIES / "report_break.sql").read_text(encoding="utf-8")
    found = connection.execute(sql, {"run_id": run_id}).fetchall()
    return (found[0][0], found[0][1]) if found else (None, False)
