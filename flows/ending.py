"""Being asked to end, by Ctrl-C or by the system: work in short steps ends after the step that it is in, a scan at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from flows.exits import INTERRUPTED, STOPPED
from flows.progress import end_the_screen

# What is to be put down before this process ends, the last first; empty while nothing ends it at once.
_held: list[Callable[[], object]] = []
# Set once a step that ends by itself was asked to, while something was held.
_asked = threading.Event()


@contextmanager
def asked_to_end() -> Iterator[Callable[[], bool]]:
    """During the block the first SIGINT or SIGTERM is only remembered, and what is given says so; the second one does what
    it would have done. Only the main thread can hear them: in another the answer is always no. Inside a block of `ended_at_once`
    the second one ends the process, and `end_if_asked` does so after the first.
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
        _asked.set()

    before: dict[int, Any] = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ended_at_once(put_down: Callable[[], object]) -> Iterator[None]:
    """During the block SIGINT and SIGTERM end this process at once with INTERRUPTED: STOPPED is said, and `put_down` is called.

    Nothing else is unwound. What a scan keeps is safe from a kill at any moment; and Prefect, on its way out, would wait for
    minutes for its server where that has been ended too, as by Ctrl-C or by `timeout`. Only the main thread can hear them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {number: signal.signal(number, _end) for number in (signal.SIGINT, signal.SIGTERM)}
    if not _held:
        _asked.clear()
    _held.append(put_down)
    try:
        yield
    finally:
        _held.pop()
        for number, handler in before.items():
            signal.signal(number, handler)


def hear_again() -> None:
    """Inside a block of `ended_at_once`, where somebody else (Prefect, in a flow) hears SIGTERM now: this process ends all the
    same.
    """
    if _held:
        signal.signal(signal.SIGTERM, _end)


def end_if_asked() -> None:
    """Inside a block of `ended_at_once`, once the work is done: end this process where a step of it was asked to end."""
    if _asked.is_set() and _held:
        _end(signal.SIGTERM, None)


def _end(_number: int, _frame: FrameType | None) -> None:
    # `timeout` asks its child and then the group that it is in: twice.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        with suppress(Exception):
            end_the_screen()
        # Not print: this may have come in the middle of one. Whoever reads it may have ended by the same Ctrl-C.
        with suppress(OSError):
            os.write(2, f"{STOPPED}\n".encode())
        # What other threads still say is of no use to anybody: the server that they cannot find any more.
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for stream in (1, 2):
                os.dup2(nowhere, stream)
        for put_down in reversed(_held):
            with suppress(Exception):
                put_down()
    finally:
        os._exit(INTERRUPTED)
