"""Where the review page is, for links in the mail. A link carries no authority: it opens only for who has come in there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

# What `acto review` serves on, unless it is told otherwise.
PORT = 8733


@dataclass(frozen=True, slots=True)
class ReviewLinks:
    """Addresses on the review page; `origin` is where others reach it, None where it is on the monitor's computer alone."""

    origin: str | None = None

    @property
    def start(self) -> str:
        """Everything that waits for a decision."""
        return f"{(self.origin or f'http://127.0.0.1:{PORT}').rstrip('/')}/"

    def to_flag(self, flag_id: str) -> str:
        """Where a flag is decided."""
        return f"{self.start}flags/{quote(flag_id, safe='')}"

    def to_clause(self, clause: str) -> str:
        """The open flags under a clause."""
        return f"{self.start}?clause={quote(clause, safe='')}"

    def to_audit(self, item_id: str) -> str:
        """Where the question is answered whether an unflagged text should have been flagged."""
        return f"{self.start}audit?item={quote(item_id, safe='')}"
