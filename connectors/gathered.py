"""What one page has brought so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.item import Item, Page, Rejected


@dataclass(slots=True)
class Gathered:
    """Collects a page's items, what was rejected, and its gaps; `expected` is what the platform's counters promise."""

    items: list[Item] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    expected: int = 0

    def take(self, found: Iterable[Item | Rejected | None]) -> None:
        """Add what was read; None is something that is no item."""
        for one in found:
            if isinstance(one, Item):
                self.items.append(one)
            elif one is not None:
                self.rejected.append(one)

    def page(self, resume: Mapping[str, Any] | None) -> Page:
        """The page as it is to be landed; `resume` is None on the last."""
        return Page(tuple(self.items), tuple(self.rejected), tuple(self.gaps), self.expected, resume)
