"""Flags that were no longer found when their text was judged again, or found again: what is kept of it, and why in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A flag was no longer found when its text was judged again, or found again (a row of queries/standings.sql); `title` is its
    check's. `new_version`: this version of its check had not judged the text before; `people_changed`: since then the roster or
    the register of permissions had changed, and for that, as far as the history tells, the text was judged again.
    """

    flag_id: str
    title: str
    found: bool
    check_version: int
    new_version: bool
    people_changed: bool
    at: datetime


def in_words(standing: Standing) -> str:
    """`no longer found by version 2 of its check`: that the flag is lost or found again, and why, as far as the history tells."""
    return f"{'found again' if standing.found else 'no longer found'}{_because(standing)}"


def _because(standing: Standing) -> str:
    version = f" by version {standing.check_version} of its check" if standing.new_version else ""
    if not standing.people_changed:
        return version or " when its text was judged again"
    register = "the register of permissions or the roster has changed"
    clears = "clears it no longer" if standing.found else "clears it"
    return f"{version}; {register} too" if version else f": {register}, and {clears}"
