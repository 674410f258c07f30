"""How much of a post the mail shows. A mail lies on telephones and servers, and may be forwarded or sent to the wrong person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Level = Literal["notice", "redacted", "full"]
LEVELS: tuple[Level, ...] = ("notice", "redacted", "full")
# What is flagged under these may tell who is a client, or how somebody's health is; a few words of it can be enough for
# those who know them, however well names are masked (ICO: send no more by mail than its reader needs).
EXPOSING_CLIENTS = ("O3", "S1")


def levels_by_clause(level: Level, given: Mapping[str, Level]) -> dict[str, Level]:
    """The clauses that are not shown at `level`, each with its own: as `given`, or "notice" for what can expose clients
    where the rest is "redacted". Who asks for "full" has everything.
    """
    quiet: dict[str, Level] = dict.fromkeys(EXPOSING_CLIENTS, "notice") if level == "redacted" else {}
    return quiet | dict(given)


def quietest(levels: list[Level]) -> Level:
    """The one of these levels that shows least."""
    return min(levels, key=LEVELS.index)
