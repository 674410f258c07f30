"""What the history holds of a source, as a connector may ask it to decide what to read again."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connectors.item import Kind


@dataclass(frozen=True, slots=True)
class DueThread:
    """A thread that the schedule wants read now: when it was begun (in UTC), and what kind of item began it, each None
    where that is not known.
    """

    id: str
    begun_at: datetime | None = None
    kind: Kind | None = None


class Known(Protocol):
    """The history of one source at the start of a pass. Ids are the platform's own."""

    def is_due(self, thread_id: str, counted: int | None = None) -> bool:
        """Whether a thread is to be read now: it was never read whole, the platform's counter of it (where it has one)
        is another than when it was, or the schedule says so.
        """

    def due(self) -> Sequence[DueThread]:
        """The known threads that the schedule wants read now, whatever their counters say; the newest first."""

    def standing(self, thread_id: str) -> AbstractSet[str]:
        """The items of a thread that were there when it was last read."""

    def number_standing(self) -> int:
        """How many threads there are whose beginning was there when last read."""


class NothingKnown:
    """The history of a source that was never read, or of a pass for which the user gave the bounds: all is due."""

    def is_due(self, thread_id: str, counted: int | None = None) -> bool:
        """Everything is."""
        return True

    def due(self) -> Sequence[DueThread]:
        """No thread is known."""
        return ()

    def standing(self, thread_id: str) -> AbstractSet[str]:
        """Nothing is known."""
        return frozenset()

    def number_standing(self) -> int:
        """None is known."""
        return 0
