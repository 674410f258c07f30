"""What `acto doctor` says of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "warning", "broken"]
GRAVITY: tuple[Outcome, ...] = ("ok", "warning", "broken")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `outcome` is ok, warning or broken, `says` the cause with the way to mend it.

    `mend` is the command that mends it, or the first step of that; "" where there is nothing to mend. `because` names the
    finding for which this was not looked at, "" where it was.
    """

    about: str
    outcome: Outcome
    says: str
    mend: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One of several things that are wrong with what a finding is about."""

    outcome: Outcome
    says: str
    mend: str = ""


def together(about: str, well: str, troubles: Sequence[Trouble]) -> Finding:
    """One finding that says all the troubles, the gravest first; `well` where there is none, and before mere warnings."""
    if not troubles:
        return Finding(about, "ok", well)
    gravest_first = sorted(troubles, key=lambda one: -GRAVITY.index(one.outcome))
    worst = gravest_first[0].outcome
    said = dict.fromkeys([*([well] if worst == "warning" else []), *(one.says for one in gravest_first)])
    mends = dict.fromkeys(one.mend for one in gravest_first if one.mend)
    return Finding(about, worst, " ".join(said), "; ".join(mends))
