"""Carries what was decided on the page into the history, as soon as no run holds it."""

from __future__ import annotations

import logging
import threading
from typing import Literal

from flows.review.history import History
from warehouse.desk import waiting
from warehouse.lease import Holder
from warehouse.snapshot import publish
from warehouse.store import StoreError, open_store

SECONDS_BETWEEN_TRIES = 5.0
# Each try opens and publishes the whole history: after one that failed the pause is doubled, up to this.
LONGEST_PAUSE = 300.0
# "held": another run has the history; "failed": for another reason it could not be stored.
Outcome = Literal["stored", "held", "failed"]
logger = logging.getLogger("acto")


class Carrier:
    """A thread that stores what waits under `home`. Whatever happens to it nothing is lost: what waits lies on disk.

    `last_try` is what came of its last attempt.
    """

    def __init__(self, history: History) -> None:
        self.history, self.home = history, history.home
        self.last_try: Outcome = "stored"
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="carrier", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier page left is carried first, and an older version's history brought up to date."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that something new waits."""
        self._wake.set()

    def stop(self) -> None:
        """End, once what is being stored is stored."""
        self._ended.set()
        self._wake.set()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        pause = SECONDS_BETWEEN_TRIES
        while not self._ended.is_set():
            # What the last attempt has left is tried again, also where nothing new is said.
            self._wake.wait(None if self.last_try == "stored" else pause)
            self._wake.clear()
            if not self._ended.is_set():
                self.last_try = self._carry() if self._something_is_left() else "stored"
                pause = min(2 * pause, LONGEST_PAUSE) if self.last_try == "failed" else SECONDS_BETWEEN_TRIES

    def _something_is_left(self) -> bool:
        return bool(waiting(self.home)) or not self.history.is_current()

    def _carry(self) -> Outcome:
        waited = {entry.id for entry in waiting(self.home)}
        held_by: list[Holder] = []
        try:
            # Opening stores what waits, publishing removes it.
            with open_store(self.home, wait_seconds=0, on_wait=held_by.append) as store:
                publish(store)
        except StoreError:
            return "held" if held_by else "failed"
        except Exception as error:
            logger.warning("What was decided is kept, but could not be stored yet (%s)", type(error).__name__)
            return "failed"
        # Opening a history does not fail because of what waits; what it could not store is still there.
        return "failed" if waited & {entry.id for entry in waiting(self.home)} else "stored"
