"""Faults of the program, told without their own words: those may repeat a comment or a secret that they stumbled over, and
what runs under Prefect has all errors, and all that the logger `acto` is told, written to Prefect's database.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.errors import SourceError
from warehouse.space import is_full_disk

logger = logging.getLogger("acto")


class Fault(Exception):
    """Something unexpected happened; the message is its kind alone."""


def _is_about_a_source(error: Exception) -> bool:
    return isinstance(error, SourceError)


@contextmanager
def without_words(is_ours: Callable[[Exception], bool] = _is_about_a_source) -> Iterator[None]:
    """Let nothing out of the block but what we say ourselves (`is_ours`; without it, of a source), or a Fault. Where it
    happened goes to the log.
    """
    try:
        yield
    except Exception as error:
        if is_ours(error):
            raise
        logger.exception("A fault")
        raise Fault("No space left on the disk" if is_full_disk(error) else type(error).__name__) from None


def kind_of(error: BaseException) -> str:
    """What kind of error it is, for a sentence in brackets."""
    return str(error) if isinstance(error, Fault) else type(error).__name__


def places(error: BaseException) -> list[str]:
    """The kind of an error and of those behind it, each with where in the program it was raised; never its words."""
    said = []
    link: BaseException | None = error
    while link is not None:
        frames = traceback.extract_tb(link.__traceback__)[-4:]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        said.append(f"{type(link).__name__} at {where}" if where else type(link).__name__)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return said


class WithoutWords(logging.Filter):
    """Puts the places of an error instead of its traceback into what is logged, as the attribute `faults` too."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            found = places(record.exc_info[1])
            record.exc_text = "\n".join(found)
            vars(record)["faults"] = found
            record.exc_info = None
        return True
