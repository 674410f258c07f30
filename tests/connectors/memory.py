"""A history in memory for the connector tests: what one pass handed on is known to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from connectors.item import Item, Page
from connectors.known import DueThread


class Memory:
    """Remembers the pages of passes; `scheduled` are the ids of threads that the schedule wants read."""

    def __init__(self, *scheduled: str) -> None:
        self.scheduled = set(scheduled)
        self.items: dict[str, Item] = {}
        self.counted: dict[str, int | None] = {}
        self.bookmark: dict[str, object] | None = None

    def remember(self, pages: Iterable[Page]) -> list[Page]:
        """Take in the pages of a pass, and give them back."""
        taken = list(pages)
        for page in taken:
            self.items |= {item.id: item for item in page.items}
            self.counted |= {thread.id: thread.counted for thread in page.threads}
            for gone in page.gone:
                self.items.pop(gone.id, None)
            if page.bookmark is not None:
                self.bookmark = dict(page.bookmark)
        return taken

    def is_due(self, thread_id: str, counted: int | None = None) -> bool:
        """Never read, scheduled, or counted otherwise."""
        return (
            thread_id not in self.counted
            or thread_id in self.scheduled
            or (counted is not None and counted != self.counted[thread_id])
        )

    def due(self) -> Sequence[DueThread]:
        """The scheduled ones, the newest first."""
        known = {name: self.items.get(name) for name in self.scheduled}
        due = [
            DueThread(name, item.created_at if item else None, item.kind if item else None)
            for name, item in known.items()
        ]
        return sorted(due, key=lambda one: (one.begun_at is None, str(one.begun_at)), reverse=True)

    def standing(self, thread_id: str) -> AbstractSet[str]:
        """Remembered items of the thread."""
        return {name for name, item in self.items.items() if (item.thread_id or item.parent_id or name) == thread_id}

    def number_standing(self) -> int:
        """Remembered items that begin a thread."""
        return sum((item.thread_id or item.parent_id or name) == name for name, item in self.items.items())
