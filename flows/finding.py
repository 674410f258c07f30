"""What `acto doctor` says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `outcome` is ok, warning or broken, `says` the cause with the way to mend it."""

    about: str
    outcome: Literal["ok", "warning", "broken"]
    says: str
