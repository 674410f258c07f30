"""What every page works with: the history, what the Chair says, and who that is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.review.carrier import Carrier
from flows.review.history import History
from flows.review.sessions import Sessions
from warehouse.desk import Kind, keep


@dataclass(frozen=True)
class Desk:
    """The Chair's desk over the history under `home`. `by` is whose decisions these are.

    Hold `deciding` from looking at how things stand to `say`: two forms sent at once must not both be right.
    """

    home: Path
    by: str
    sessions: Sessions
    history: History
    carrier: Carrier
    deciding: threading.Lock = field(default_factory=threading.Lock)

    def say(self, kind: Kind, **content: Any) -> None:
        """Keep what was said on disk, and have it stored as soon as that can be. See warehouse.desk.Entry."""
        keep(self.home, kind, self.by, datetime.now(UTC), **content)
        self.carrier.wake()


def desk_of(home: Path, by: str) -> Desk:
    """The desk over `home`."""
    history = History(home)
    return Desk(home, by, Sessions(), history, Carrier(history))
