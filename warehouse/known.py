"""What the history holds of a source, for its connector to decide what to read again (connectors.known.Known)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from connectors.item import Kind
from connectors.known import DueThread
from warehouse.schedule import Schedule
from warehouse.statements import set_variables, statement
from warehouse.store import Store

# Seconds. A night does not begin at the same second as the one before.
SLACK = 6 * 3600


@dataclass(frozen=True, slots=True)
class _Thread:
    begun_at: datetime | None
    kind: Kind | None
    was_read: bool
    counted: int | None
    due: bool
    stands: bool


class History:
    """The threads of one source as they were known at `now`. With `all_due` every thread that is asked after is due, and
    none besides: for a pass whose bounds the user gave.
    """

    def __init__(self, store: Store, source: str, now: datetime, schedule: Schedule, *, all_due: bool = False) -> None:
        self._store = store
        self._source = source
        self._all_due = all_due
        connection = store.connection()
        set_variables(
            connection,
            source=source,
            now=now.isoformat(),
            daily_for=schedule.daily_for,
            slowest=schedule.slowest,
            refresh=schedule.flagged.total_seconds(),
            slack=SLACK,
        )
        rows = connection.execute(statement("known")).fetchall()
        connection.close()
        self._threads = {name: _Thread(*row) for name, *row in rows}

    def is_due(self, thread_id: str, counted: int | None = None) -> bool:
        """Whether a thread is to be read now (see `Known`)."""
        thread = self._threads.get(thread_id)
        if self._all_due or thread is None or not thread.was_read:
            return True
        return thread.due or (counted is not None and counted != thread.counted)

    def due(self) -> Sequence[DueThread]:
        """The threads that the schedule wants read now; the newest first."""
        if self._all_due:
            return ()
        return [DueThread(name, thread.begun_at, thread.kind) for name, thread in self._threads.items() if thread.due]

    def standing(self, thread_id: str) -> AbstractSet[str]:
        """The items of a thread that were there when it was last read, or that only we still see, or saw."""
        connection = self._store.connection()
        set_variables(connection, source=self._source, thread_id=thread_id)
        found = connection.execute(statement("standing_items")).fetchall()
        connection.close()
        return frozenset(name for (name,) in found)

    def number_standing(self) -> int:
        """How many threads there are whose beginning was there when last read."""
        return sum(thread.stands for thread in self._threads.values())
