"""What a page or feed shows all at once: which of it is wanted, and what its ends allow to be said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from connectors.item import Item, Kind, Listed
from connectors.source import Window

# The smallest step of time: a list that ends within a second (or a day) may show only some of what is of that moment.
JUST_AFTER = timedelta(microseconds=1)


def wanted_in(window: Window) -> Callable[[Item], bool]:
    """Which items to hand on: what was created within `window`, and whatever is known already, since it may have changed."""
    due = {thread.id for thread in window.known.due()}
    return lambda item: window.holds(item.created_at) or item.id in due or not window.known.is_due(item.id)


def newest_first(moments: Sequence[datetime | None]) -> bool:
    """Whether all of a list is dated, and nothing is newer than what comes before it."""
    told = [moment for moment in moments if moment is not None]
    return len(told) == len(moments) and all(one >= after for one, after in pairwise(told))


def listed_newest(kind: Kind, items: Sequence[Item], window: Window) -> tuple[Listed, ...]:
    """What may be said where `items`, in their order, are only the newest of a longer list: that all after the oldest is
    here. What fell off its end is not gone.

    Nothing may be said of a list without order, in which something old is pinned to the top, or not all of it dated. One
    that is ordered by the last change, where the oldest creation says little, is whole back to the oldest change.
    """
    created = [item.created_at for item in items]
    changed = [item.edited_at or item.created_at for item in items]
    if not newest_first(created) and not newest_first(changed):
        return ()
    told = [moment for moment in changed if moment is not None]
    if not told:
        return ()
    since = max(moment for moment in (min(told) + JUST_AFTER, window.since) if moment is not None)
    return (Listed((kind,), since, window.until),)


def horizon(window: Window) -> datetime | None:
    """Back to when a list, newest first, must be followed for all that is wanted; None for to its end."""
    moments = [window.since, *(thread.begun_at for thread in window.known.due())]
    told = [moment for moment in moments if moment is not None]
    return min(told) if len(told) == len(moments) else None
