"""A second night on every platform: what is new and gone is found, in hardly more calls than it must take."""

from __future__ import annotations

import pytest

from connectors.sandbox.presences import KEYS
from tests.connectors.nights import second_night


@pytest.mark.parametrize("platform", KEYS)
def test_a_night_costs_hardly_more_calls_than_it_must(platform: str) -> None:
    """Calls are money on X, a day's quota on LinkedIn, and time everywhere."""
    night = second_night(platform)
    assert night.gaps == []
    assert len(night.items) >= 3
    assert night.calls <= 1.2 * night.least, f"{night.calls} calls where {night.least} would do"


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x", "linkedin", "youtube", "google"])
def test_a_night_finds_what_is_gone(platform: str) -> None:
    """Each of these months has a deletion on its last evening."""
    assert second_night(platform).gone >= 1
