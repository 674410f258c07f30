"""Carries what was decided on the page into the history, as soon as no run holds it."""

from __future__ import annotations

import logging
import threading

from flows.review.history import History
from warehouse.desk import waiting
from warehouse.snapshot import publish
from warehouse.store import StoreError, open_store

SECONDS_BETWEEN_TRIES = 5.0
logger = logging.getLogger("acto")


class Carrier:
    """A thread that stores what waits under `home`. Whatever happens to it nothing is lost: what waits lies on disk."""

    def __init__(self, history: History) -> None:
        self.history, self.home = history, history.home
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
        while not self._ended.is_set():
            self._wake.wait()
            self._wake.clear()
            while (
                (waiting(self.home) or not self.history.is_current())
                and not self._ended.is_set()
                and not self._carried()
            ):
                self._ended.wait(SECONDS_BETWEEN_TRIES)

    def _carried(self) -> bool:
        try:
            # Opening stores what waits, publishing removes it.
            with open_store(self.home, wait_seconds=0) as store:
                publish(store)
        except StoreError:
            return False
        except Exception as error:
            logger.warning("What was decided is kept, but could not be stored yet (%s)", type(error).__name__)
            return False
        return True
