"""States: which items a pass over a source has missed, and what may be said of them. A deletion is never guessed."""

from __future__ import annotations

from datetime import datetime

from warehouse.statements import set_variables, statement
from warehouse.store import Store


def settle(
    store: Store,
    run_id: str,
    source: str,
    *,
    pass_started_at: datetime,
    since: datetime | None,
    until: datetime | None,
    complete: bool,
    at: datetime,
) -> int:
    """Mark what a pass over `source` did not show; the number of items that became absent.

    The pass began at `pass_started_at` and read threads begun from `since` to `until` (None: no bound). Items outside
    that window keep their state. `complete`: what is missing is absent, else it is unknown. A source of which nothing
    could be read must not be settled at all.
    """
    with store.transaction() as connection:
        set_variables(
            connection,
            source=source,
            run_id=run_id,
            pass_started_at=pass_started_at.isoformat(),
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
            complete=complete,
            settled_at=at.isoformat(),
        )
        connection.execute(statement("settle"))
        row = connection.execute("SELECT count(*) FROM settled WHERE state = 'absent'").fetchone()
    return row[0] if row else 0
