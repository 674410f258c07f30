"""States: which items a pass over a source has missed, and what may be said of them. A deletion is never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.item import Listed
from warehouse.statements import set_variables, statement
from warehouse.store import Store

# A source of which so much was known and that shows nothing at all has not lost it: we have lost the source.
TOO_MANY_TO_LOSE_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """What a pass has shown to be gone: how many items became absent; or, where the source showed nothing at all, how many
    would have (`emptied`): those are unknown instead.
    """

    absent: int = 0
    emptied: int = 0


def settle(
    store: Store,
    run_id: str,
    source: str,
    *,
    pass_started_at: datetime,
    listed: Sequence[Listed],
    due: Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
    complete: bool,
    at: datetime,
) -> Settled:
    """Mark what a pass over `source` did not show.

    The pass began at `pass_started_at`. Absent is what no page of it showed although a list in `listed` should have, or a
    thread that landed as read whole, and what answered something that is gone. If the pass is not `complete`, what else
    was asked for and not shown is unknown: what began a thread from `since` to `until`, and what is in the threads `due`
    (None: in all that were begun then). All other items keep their state.
    """
    with store.transaction() as connection:
        set_variables(
            connection,
            source=source,
            run_id=run_id,
            pass_started_at=pass_started_at.isoformat(),
            listed=[{"kinds": list(one.kinds), "since": one.since, "until": one.until} for one in listed],
            due=list(due) if due is not None else None,
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
            complete=complete,
            now=store.now().isoformat(),
        )
        connection.execute(statement("settle"))
        seen, absent = connection.execute(
            """SELECT (SELECT count(*) FROM store.sighting
                       WHERE source = $source AND seen_at BETWEEN $begun AND $now),
                      (SELECT count(*) FROM settled WHERE state = 'absent')""",
            {"source": source, "begun": pass_started_at, "now": store.now()},
        ).fetchone() or (0, 0)
        emptied = not seen and absent >= TOO_MANY_TO_LOSE_AT_ONCE
        if emptied:
            connection.execute(
                """UPDATE settled SET state = 'unknown', reason = 'The source showed nothing at all, so nothing can be told.'
                   WHERE state = 'absent'"""
            )
        connection.execute(
            "INSERT INTO store.state SELECT item_key, state, reason, $run_id, $at FROM settled",
            {"run_id": run_id, "at": at},
        )
    return Settled(emptied=absent) if emptied else Settled(absent=absent)
