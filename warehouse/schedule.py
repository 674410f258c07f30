"""How often a thread is read again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

# A night or two may fail before content that must be read again runs out.
RESERVE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Schedule:
    """On each scan for `daily_for` days after a thread's last sign of life, then whenever its age has grown by one
    `daily_for`-th part since it was last read, at least every `slowest` days; a thread with an open flag at least every
    `flagged`.
    """

    daily_for: int = 7
    slowest: int = 30
    flagged: timedelta = timedelta(days=30)

    def within(self, keep: timedelta | None) -> Schedule:
        """The schedule by which content is read again before the platform's terms ask for its removal, `keep` after it was
        last read (None: never). Where that is a matter of days, only what is flagged is read so often.
        """
        if keep is None:
            return self
        slowest = min(self.slowest, (keep - RESERVE).days) if keep > 2 * RESERVE else self.slowest
        return replace(self, slowest=slowest, flagged=min(self.flagged, keep / 2))
