"""Of the slow tests a sample: the whole suite runs a third of them, each day others. All of them run where ACTO_SLOW=1 is set,
and where their file is named.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

IN_FULL = bool(os.environ.get("ACTO_SLOW"))
SHARE = 3
# Said once, for all processes that share the tests: at midnight, too, they must come to the same sample.
DAY = int(os.environ.setdefault("ACTO_TEST_DAY", str(datetime.now(UTC).toordinal())))


def sampled(arguments: Sequence[str]) -> bool:
    """Whether the slow tests are sampled in a run with these arguments of pytest."""
    return not IN_FULL and not any(".py" in one for one in arguments)


def left_for_other_days(tests: Sequence[pytest.Item], day: int = DAY) -> list[pytest.Item]:
    """The slow ones of `tests` that are not in the sample of `day`, any number that grows by one a day."""
    slow = [test for test in tests if test.get_closest_marker("slow")]
    return [test for place, test in enumerate(slow) if (place - day) % SHARE]
