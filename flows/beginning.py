"""The beginning of a scan from the command line: what fails before Prefect and the flow are there (a roster that cannot be
read, a part of the program that is missing, a server that does not answer) is logged, and told to the watchdog.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from flows.config import default_home
from flows.log_file import logged
from flows.watchdog import tell_of_no_beginning


@contextmanager
def accounted_for(*, is_whole_night: bool, is_kept: bool = True) -> Iterator[None]:
    """Log the block in $ACTO_HOME, unless nothing is to be kept of it; the watchdog is told where a whole night cannot begin.

    How a night ends that has begun, `flows.watchdog.watched` tells.
    """
    home = default_home()
    # No folder is made for a log alone: that of a mistyped $ACTO_HOME would stay.
    with logged(home, "scan") if is_kept and os.access(home, os.W_OK) else nullcontext():
        try:
            yield
        except Exception:
            if is_whole_night:
                tell_of_no_beginning(home)
            raise
