"""What a person sees while a command works: on a terminal a line that changes and a bar for each long piece of work, plain
lines otherwise.

Everything says what it does through the logger `acto`, which Prefect shows on its page too, and flows/log_file.py keeps. How
far a long piece of work has come is said there now and then, and not kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.spinner import Spinner

from flows.faults import WithoutWords
from flows.masking import clean

logger = logging.getLogger("acto")
logger.addFilter(WithoutWords())

# Seconds between two plain lines that say how far a piece of work has come.
SAID_EVERY = 10.0


class _Screen:
    """A terminal: what is being done now, and a bar for each long piece of work."""

    def __init__(self, console: Console) -> None:
        self.doing = Spinner("dots", "Starting")
        self.bars = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TextColumn("{task.fields[words]}"),
            TimeRemainingColumn(compact=True),
            console=console,
        )
        self.live = Live(Group(self.doing, self.bars), console=console, transient=True)


_screen: _Screen | None = None


class _Lines(logging.Handler):
    """Writes each message to standard error; on a terminal only warnings stay."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        message = escape(clean(record.getMessage()))
        if record.levelno >= logging.WARNING:
            self._console.print(message, style="yellow", highlight=False)
        elif not _screen:
            self._console.print(message, highlight=False, soft_wrap=True)
        elif not is_passing(record):
            _screen.doing.update(text=message)


@contextmanager
def shown(*, bars: bool = True) -> Iterator[None]:
    """Show on standard error what the logger `acto` is told, and how far `working` has come, until the block ends. Without
    `bars` in plain lines also on a terminal: for a machine that reads both streams.
    """
    global _screen
    console = Console(stderr=True)
    handler = _Lines(console)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    _screen = _Screen(console) if bars and console.is_terminal else None
    if _screen:
        _screen.live.start()
    try:
        yield
    finally:
        if _screen:
            _screen.live.stop()
            _screen = None
        logger.removeHandler(handler)


def end_the_screen() -> None:
    """Leave the terminal as it was, where no block of `shown` will end."""
    if _screen:
        _screen.live.stop()


def is_on_a_terminal() -> bool:
    """Whether somebody is looking at bars just now."""
    return _screen is not None


def is_passing(record: logging.LogRecord) -> bool:
    """Whether it only says how far something has come."""
    return getattr(record, "passing", False)


class Work:
    """A long piece of work, as far as it has come. May be told of in any thread."""

    def __init__(self, what: str, of: float | None) -> None:
        self._what = what
        self._words = self._last_said = ""
        self._said_at = monotonic()
        self._screen = _screen
        if self._screen:
            self._task = self._screen.bars.add_task(escape(clean(what)), total=of or None, words="")

    def at(self, done: float, words: str, *, of: float | None = None) -> None:
        """It is at `done`, in words "1,200 items read"; `of` is how much there is, where that is known better now."""
        self._words = words
        if self._screen:
            self._screen.bars.update(self._task, completed=done, total=of, words=escape(clean(words)))
        if monotonic() - self._said_at >= SAID_EVERY:
            self._say()

    def end(self) -> None:
        """Nothing more comes of it."""
        if self._screen:
            self._screen.bars.remove_task(self._task)
        self._say()

    def _say(self) -> None:
        self._said_at = monotonic()
        if self._words != self._last_said:
            self._last_said = self._words
            logger.info("%s: %s", self._what, self._words, extra={"passing": True})


@contextmanager
def working(what: str, of: float | None = None) -> Iterator[Work]:
    """A long piece of work: a bar on a terminal, a plain line every SAID_EVERY seconds and at its end otherwise.

    `of` is how much there is to do, in any unit; None where nobody knows.
    """
    work = Work(what, of)
    try:
        yield work
    finally:
        work.end()
