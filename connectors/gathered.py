"""What one page has brought so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.item import Gone, Item, Listed, Page, Rejected, ThreadRead


@dataclass(slots=True)
class Gathered:
    """Collects what makes a page (see `Page`); `expected` is what the platform's counters promise, None without any."""

    items: list[Item] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    threads: list[ThreadRead] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    expected: int | None = None
    bookmark: Mapping[str, Any] | None = None

    def take(self, found: Iterable[Item | Rejected | None]) -> None:
        """Add what was read; None is something that is no item."""
        for one in found:
            if isinstance(one, Item):
                self.items.append(one)
            elif one is not None:
                self.rejected.append(one)

    def expect(self, count: int) -> None:
        """The platform promises `count` items more."""
        self.expected = (self.expected or 0) + count

    def page(self, resume: Mapping[str, Any] | None) -> Page:
        """The page as it is to be landed; `resume` is None on the last."""
        return Page(
            items=tuple(self.items),
            rejected=tuple(self.rejected),
            gaps=tuple(self.gaps),
            expected=self.expected,
            resume=resume,
            notes=tuple(self.notes),
            threads=tuple(self.threads),
            listed=tuple(self.listed),
            gone=tuple(self.gone),
            bookmark=self.bookmark,
        )
