"""What every page works with: the history, what the Chair says, where the page is reached and who may come in."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.review.carrier import Carrier
from flows.review.history import History
from flows.review.sessions import IDLE_SECONDS, IDLE_SECONDS_ABROAD, Session, Sessions
from flows.review.signing_in import SigningIn
from flows.review.site import Site
from warehouse.desk import Kind, keep


@dataclass(frozen=True)
class Desk:
    """The Chair's desk over the history under `home`. `by` is whose decisions are made by who comes in by the link.

    Hold `deciding` from looking at how things stand to `say`: two forms sent at once must not both be right.
    """

    home: Path
    site: Site
    by: str
    sessions: Sessions
    signing_in: SigningIn
    history: History
    carrier: Carrier
    deciding: threading.Lock = field(default_factory=threading.Lock)

    def say(self, session: Session, kind: Kind, **content: Any) -> None:
        """Keep on disk what was said there, and have it stored as soon as that can be. See warehouse.desk.Entry."""
        keep(self.home, kind, session.by, datetime.now(UTC), **content)
        self.carrier.wake()


def desk_of(home: Path, site: Site, by: str) -> Desk:
    """The desk over `home`."""
    history = History(home)
    sessions = Sessions(IDLE_SECONDS_ABROAD if site.public else IDLE_SECONDS)
    return Desk(home, site, by, sessions, SigningIn(home), history, Carrier(history))
