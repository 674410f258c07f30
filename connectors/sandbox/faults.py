"""Trouble that a test can order: for calls whose path matches, a number of times."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock

from connectors.sandbox.answers import Answer


@dataclass(slots=True)
class Fault:
    """What goes wrong with a call whose path and query match the regular expression `pattern`.

    `answer` replaces the real one; `delay` is waited first, in seconds; `cut` ends the connection halfway through the
    body, `drop` before a word is said. It happens `times` times (None: always), after `after` calls went well.
    """

    pattern: str
    answer: Answer | None = None
    delay: float = 0.0
    cut: bool = False
    drop: bool = False
    times: int | None = 1
    after: int = 0


@dataclass(slots=True)
class Faults:
    """The faults ordered so far; the first that matches and is not used up happens."""

    ordered: list[Fault] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, fault: Fault) -> None:
        """Order one more."""
        with self.lock:
            self.ordered.append(fault)

    def clear(self) -> None:
        """Let everything work again."""
        with self.lock:
            self.ordered.clear()

    def next_for(self, path: str) -> Fault | None:
        """The fault that happens to a call of `path` now, counted as happened."""
        with self.lock:
            for fault in self.ordered:
                if fault.times == 0 or not re.search(fault.pattern, path):
                    continue
                if fault.after:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
