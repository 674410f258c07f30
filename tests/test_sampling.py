"""The sample of the slow tests, by which the whole suite stays short."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.sampling import SHARE, left_for_other_days


def test_each_slow_test_has_its_day_and_the_others_are_run_every_day() -> None:
    """A test that no day takes could fail for months without anybody noticing."""

    def test(marker: str) -> Any:
        return SimpleNamespace(get_closest_marker=lambda asked: asked == marker)

    tests = [test("slow" if place % 3 else "timeout") for place in range(40)]
    taken = [[one for one in tests if one not in left_for_other_days(tests, day)] for day in range(100, 100 + SHARE)]
    assert all(sum(one in day for day in taken) == (1 if one.get_closest_marker("slow") else SHARE) for one in tests)
