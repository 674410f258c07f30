"""How far this machine's clock is believed where something would be lost for good if it were wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from warehouse.store import Store

# Longer than a machine is off for a holiday. What lies further ahead may be a clock that was set wrong.
LONGEST_BREAK = timedelta(days=45)


def believed(store: Store, run_id: str, now: datetime) -> datetime:
    """The time by which content may be removed for its age in the run `run_id`: `now`, or, where that is more than
    LONGEST_BREAK after the scan before the last one, the time of that scan: then nothing has aged since. So a longer break is
    believed once two scans have been made by this clock, of which the first report has said what it says.

    Where nothing is scanned, the removals by hand (runs of the kind "retention") before this one count instead, or else the
    first run of all. A `run_id` that is none means a run to come.
    """
    row = store.connection().execute(
        """SELECT coalesce(
               arg_max(started_at, run_started.rowid) FILTER (kind = 'scan' AND run_started.rowid < last_scan),
               arg_max(started_at, run_started.rowid) FILTER (kind = 'retention' AND run_id <> $run_id),
               arg_min(started_at, run_started.rowid)
           )
           FROM store.run_started, (SELECT max(rowid) AS last_scan FROM store.run_started WHERE kind = 'scan')""",
        {"run_id": run_id},
    ).fetchone()  # fmt: skip
    before = row[0] if row else None
    return before if before and now - before > LONGEST_BREAK else now
