"""Exit codes, and errors as one sentence on standard error instead of a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

COMPLETE = 0
FAILED = 1
WRONG_USAGE = 2
INCOMPLETE = 3
INTERRUPTED = 130
# What is said where somebody has ended a command.
STOPPED = "Stopped. Nothing is lost: the next run goes on from here."

GRAVITY = (COMPLETE, INCOMPLETE, FAILED, WRONG_USAGE, INTERRUPTED)


def worst(*codes: int) -> int:
    """The gravest of several exit codes."""
    return max(codes, key=GRAVITY.index)


def exit_in_words(app: Callable[..., Any], arguments: Sequence[str]) -> int:
    """Run the command and give its exit code; what a person can mend is said in one sentence."""
    from cyclopts import CycloptsError

    for argument in arguments:
        if not _is_text(argument):
            return _say(
                f"{argument!r} is no UTF-8 text. Type it in a terminal that is set to UTF-8; rename a file of such a name.",
                WRONG_USAGE,
            )
    try:
        return int(app(arguments, exit_on_error=False, print_error=False, result_action="return_value") or COMPLETE)
    except CycloptsError as error:
        return _say(str(error).strip(), WRONG_USAGE)
    except KeyboardInterrupt:
        return _say(STOPPED, INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (head, a pager) has closed it.
        sys.stderr.close()
        return COMPLETE
    except ImportError as error:
        return _say(f"A part of this program cannot be loaded: {error}. Install it again: uv sync --locked", FAILED)
    except Exception as error:
        code = _code_of(error)
        if code is None and _is_full_disk(error):
            return _say("The disk is full. Make room and try again; what was kept before is whole.", FAILED)
        if code is None:
            raise
        return _say(str(error), code)


def is_for_a_person(error: Exception) -> bool:
    """Whether the message of an error is a sentence of ours, and not what a fault of the program repeats of its data."""
    return _code_of(error) is not None


def _code_of(error: Exception) -> int | None:
    """The exit code of an error whose message is meant for a person; None for a fault of the program."""
    from checks.catalogue import CheckError
    from checks.roster import RosterError
    from checks.scorer.scorer import ScorerError
    from connectors.errors import SourceError
    from flows.config import ConfigError
    from flows.prefect_settings import PrefectError
    from warehouse.encryption import EncryptionError
    from warehouse.query import QueryError
    from warehouse.store import StoreError

    if isinstance(error, (ConfigError, RosterError, CheckError, QueryError, SourceError, EncryptionError)):
        return WRONG_USAGE
    return FAILED if isinstance(error, (StoreError, PrefectError, ScorerError)) else None


def _is_text(argument: str) -> bool:
    """Whether it was UTF-8: Python keeps each byte that was not as half a character, which nothing can print or store."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_full_disk(error: Exception) -> bool:
    from warehouse.space import is_full_disk

    return is_full_disk(error)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
