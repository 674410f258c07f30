"""What the report says where nights were missed, or where this machine's clock cannot be right."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from flows.report_words import age, count, day
from warehouse.clock import LONGEST_BREAK

# A night and a half: tonight's scan may begin late.
A_NIGHT_WAS_MISSED = timedelta(hours=36)
QUERY = Path(__file__).parent / "queries" / "report_break.sql"


def about_missed_nights(connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime, *, all_read: bool) -> str:
    """A sentence or two about the time since the last scan of all sources; "" where there is nothing to say of it.

    `now` is aware; `all_read` is whether this run has read all that it was to read.
    """
    found = connection.execute(QUERY.read_text(encoding="utf-8"), {"run_id": run_id}).fetchall()
    if not found:
        return ""
    last: datetime = found[0][0]
    if last > now:
        return (
            f"This machine’s clock says {day(now)}, but its last scan {day(last)}: one of the two is wrong. "
            "Ask whoever runs this to look at the clock."
        )
    if now - last < A_NIGHT_WAS_MISSED:
        return ""
    since = "Everything since has been read." if all_read else "What could not be read of that time is listed below."
    if now - last <= LONGEST_BREAK:
        return f"The last scan was {age(last, now)} ago. {since}"
    days = count((now - last).days, "day")
    return (
        f"By this machine’s clock the last scan was {days} ago. {since} If that is not so, the clock is wrong: until the next "
        "scan nothing is removed for its age."
    )
