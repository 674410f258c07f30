"""The log for whoever runs this: `$ACTO_HOME/logs/acto.log`, what was done when, one JSON object a line, times in UTC.

It lies in the clear, so that it can be read when nothing else can: no comment, name or secret is ever written to it. What is
logged are our own sentences with names of sources and numbers; of an error its kind and its places in the program, since its
own words may repeat what it stumbled over.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import orjson

from flows.faults import places
from flows.masking import clean
from flows.progress import is_passing, logger
from warehouse.files import private_folder

FILE = Path("logs") / "acto.log"
# Bytes after which, and days after which, a new file is begun; how many older ones stay, and for how long.
LARGEST = 1_000_000
A_FILE_HOLDS = timedelta(days=30)
OLDER_FILES = 9
KEPT = timedelta(days=180)
LONGEST_SENTENCE = 500


@contextmanager
def logged(home: Path, command: str) -> Iterator[None]:
    """Write to the log of `home` what the logger `acto` is told during the block, its beginning, and how it ended.

    A log that cannot be written (the disk is full) stops nothing. Inside another such block for the same home nothing is added:
    the one around it writes all of it.
    """
    file = os.path.abspath(home / FILE)  # noqa: PTH100 - as the handler has it
    if any(isinstance(handler, _LogFile) and handler.baseFilename == file for handler in logger.handlers):
        yield
        return
    handler = _LogFile(home / FILE, command)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    handler.say(logging.INFO, "begun")
    try:
        yield
    except BaseException as error:
        # Its sentence goes to the terminal; it may name a file, or a person who is to be erased.
        handler.say(logging.ERROR, "failed", faults=places(error))
        raise
    else:
        handler.say(logging.INFO, "ended")
    finally:
        logger.removeHandler(handler)
        handler.close()


def log_that_it_is_stopped() -> None:
    """Somebody has ended this process: the last line of the log, in place of how the block ends."""
    for handler in logger.handlers:
        if isinstance(handler, _LogFile):
            handler.say(logging.WARNING, "stopped")


def name_run(run_id: str) -> None:
    """From now on the lines of the log carry the id of this run, as in the view `runs`."""
    for handler in logger.handlers:
        if isinstance(handler, _LogFile):
            handler.run_id = run_id


class _LogFile(RotatingFileHandler):
    def __init__(self, file: Path, command: str) -> None:
        with suppress(OSError):
            private_folder(file.parent)
        super().__init__(file, maxBytes=LARGEST, backupCount=OLDER_FILES, encoding="utf-8", delay=True)
        self.command = command
        self.run_id = ""
        # Its first line may be anybody's.
        with suppress(OSError, ValueError, KeyError, TypeError):
            self._let_time_pass(file)

    def _let_time_pass(self, file: Path) -> None:
        """Begin a new file where the old one has been written to for long enough, and remove what is past its time."""
        now = datetime.now(UTC)
        for older in file.parent.glob(f"{file.name}.*"):
            if now - datetime.fromtimestamp(older.stat().st_mtime, UTC) > KEPT:
                older.unlink()
        if file.exists() and now - _begun(file) > A_FILE_HOLDS:
            self.doRollover()

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(descriptor, "a", encoding="utf-8")  # noqa: PTH123 - a descriptor, so that the file is private from its first byte

    def say(self, level: int, sentence: str, **more: Any) -> None:
        record = logging.LogRecord(logger.name, level, __file__, 0, sentence, (), None)
        record.faults = more.get("faults")
        self.handle(record)

    def filter(self, record: logging.LogRecord) -> bool:
        return not is_passing(record)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "command": self.command,
            "process": record.process,
            "run": self.run_id or None,
            "says": clean(record.getMessage())[:LONGEST_SENTENCE],
        }
        if found := getattr(record, "faults", None):
            line["faults"] = found
        return orjson.dumps({name: value for name, value in line.items() if value is not None}).decode()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging gives it
        """A log that cannot be written stops nothing and fills no terminal."""


def _begun(file: Path) -> datetime:
    """When the first line of a log was written."""
    with file.open("rb") as lines:
        return datetime.fromisoformat(orjson.loads(lines.readline())["at"])
