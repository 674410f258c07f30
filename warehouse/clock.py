"""How far this machine's clock is believed where something would be lost for good if it were wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from warehouse.store import Store

# Longer than a machine is off for a holiday. What lies further ahead may be a clock that was set wrong.
LONGEST_BREAK = timedelta(days=45)


def believed(store: Store, run_id: str, now: datetime) -> datetime:
    """The time by which content may be removed for its age in the run `run_id`: `now`, or, where that is more than
    LONGEST_BREAK after the scan before the last one, the time of that scan: then nothing has aged since. So a longer break is
    believed from the second scan on that is made by this clock, when the report of the first has said what it says.

    A scan counts once it has its report, which one that was cut off never has, and while it is the run `run_id`. After the last
    scan a removal by hand (a run of the kind "retention" that is complete) counts instead, for it says so as well. Where
    neither is there, the first run of all does. A `run_id` that is none means a run to come.
    """
    row = store.connection().execute(
        """WITH told AS (
               SELECT kind, started_at, rowid AS place FROM store.run_started
               WHERE kind = 'scan' AND (run_id = $run_id OR run_id IN (SELECT run_id FROM store.report))
                   OR kind = 'retention' AND run_id IN (SELECT run_id FROM store.run_ended WHERE outcome = 'complete')
           ),
           latest AS (SELECT coalesce(max(place), -1) AS scan FROM told WHERE kind = 'scan')
           SELECT coalesce(
               (SELECT arg_max(started_at, place) FROM told, latest
                WHERE kind = 'scan' AND place < latest.scan OR kind = 'retention' AND place > latest.scan),
               (SELECT arg_min(started_at, rowid) FROM store.run_started)
           )""",
        {"run_id": run_id},
    ).fetchone()  # fmt: skip
    before = row[0] if row else None
    return before if before and now - before > LONGEST_BREAK else now
