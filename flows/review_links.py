"""Where the review page is, for links in the mail. A link carries no authority: it opens only for who has come in there."""

from __future__ import annotations

from urllib.parse import quote

# What `acto review` serves on, unless it is told otherwise.
PORT = 8733
ADDRESS = f"http://127.0.0.1:{PORT}"


def to_flag(flag_id: str) -> str:
    """Where a flag is decided."""
    return f"{ADDRESS}/flags/{quote(flag_id, safe='')}"


def to_clause(clause: str) -> str:
    """The open flags under a clause."""
    return f"{ADDRESS}/?clause={quote(clause, safe='')}"


def to_open() -> str:
    """Everything that waits for a decision."""
    return f"{ADDRESS}/"


def to_audit(item_id: str) -> str:
    """Where the question is answered whether an unflagged text should have been flagged."""
    return f"{ADDRESS}/audit?item={quote(item_id, safe='')}"
