"""Being asked to end, by Ctrl-C or by the system: work in short steps ends after the step that it is in."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def asked_to_end() -> Iterator[Callable[[], bool]]:
    """During the block the first SIGINT or SIGTERM is only remembered, and what is given says so; the second one does what
    it would have done. Only the main thread can hear them: in another the answer is always no.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def remember(number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            signal.signal(number, before[number])
            os.kill(os.getpid(), number)
        asked.set()

    before: dict[int, Any] = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
