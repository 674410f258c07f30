"""How far this machine's clock is believed where something would be lost for good if it were wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from warehouse.store import Store

# Longer than a machine is off for a holiday. What lies further ahead may be a clock that was set wrong.
LONGEST_BREAK = timedelta(days=45)


def believed(store: Store, run_id: str, now: datetime) -> datetime:
    """The time by which content may be removed for its age in the run `run_id`: `now`, but no more than LONGEST_BREAK after
    the run before, by the order in which they were made. A longer break is believed by the run after this one.
    """
    row = store.connection().execute(
        """SELECT arg_max(started_at, rowid) FROM store.run_started
           WHERE rowid < (SELECT min(rowid) FROM store.run_started WHERE run_id = ?)""",
        [run_id],
    ).fetchone()  # fmt: skip
    before = row[0] if row else None
    return min(now, before + LONGEST_BREAK) if before else now
