"""What a person sees while a command works: one line that changes on a terminal, plain lines otherwise.

Everything says what it does through the logger `acto`, which Prefect shows on its page too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from flows.masking import clean

logger = logging.getLogger("acto")


class _Lines(logging.Handler):
    """Writes each message to standard error; on a terminal only the last one stays, beside a spinner."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console
        self.status: Status | None = console.status("Starting") if console.is_terminal else None

    def emit(self, record: logging.LogRecord) -> None:
        message = escape(clean(record.getMessage()))
        if record.levelno >= logging.WARNING:
            self._console.print(message, style="yellow", highlight=False)
        elif self.status:
            self.status.update(message)
        else:
            self._console.print(message, highlight=False, soft_wrap=True)


@contextmanager
def shown() -> Iterator[None]:
    """Show on standard error what the logger `acto` is told, until the block ends."""
    handler = _Lines(Console(stderr=True))
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    if handler.status:
        handler.status.start()
    try:
        yield
    finally:
        if handler.status:
            handler.status.stop()
        logger.removeHandler(handler)
