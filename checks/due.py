"""What each check has still to judge: what is new to it, and what only an older version of it has judged.

The two are kept apart because the night waits for the first alone. A changed check has the whole history to judge again,
which may take hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.catalogue import Check
from warehouse.judged import count_versions, judged_before_known, judged_ranges, last_revision
from warehouse.ranges import Range, joined, without
from warehouse.store import Store

# By the id of a check, which versions of items it has to judge.
Todo = dict[str, list[Range]]


@dataclass(frozen=True, slots=True)
class Due:
    """By check: what is `new` to it, and what is `older`; `before` is the last revision_id that it has judged, 0 for none.
    `tried` is what it has once judged by halves: the validators or a check failed on it.
    """

    new: Todo
    older: Todo
    before: dict[str, int]
    tried: Todo


def due(store: Store, checks: Sequence[Check]) -> Due:
    """What each check has to judge now.

    New is what no version of the check has judged whole, older what one has, but not the present one. To a check that was added
    later, all that others had judged before is older too. The checks are registered (`register_checks`).
    """
    whole = [(0, last_revision(store))]
    judged = judged_ranges(store)
    new = new_to(store, [check.id for check in checks])
    older, before, tried = {}, {}, {}
    for check in checks:
        at_any = _at_any_version(judged, check.id)
        at_present = judged.get((check.id, check.about.version), [])
        older[check.id] = without(without(whole, at_present), new[check.id])
        before[check.id] = at_any[-1][1] if at_any else 0
        tried[check.id] = judged.get((check.id, None), [])
    return Due(new, older, before, tried)


def new_to(store: Store, check_ids: Sequence[str]) -> Todo:
    """What is new to each of the checks, also to one that cannot be loaded."""
    whole = [(0, last_revision(store))]
    judged = judged_ranges(store)
    before_known = judged_before_known(store)
    return {
        check_id: without(whole, _at_any_version(judged, check_id) + before_known.get(check_id, []))
        for check_id in check_ids
    }


def _at_any_version(judged: dict[tuple[str, int | None], list[Range]], check_id: str) -> list[Range]:
    return joined(one for (name, at), ranges in judged.items() if name == check_id and at is not None for one in ranges)


def judged_up_to(store: Store, checks: Sequence[Check]) -> int:
    """The revision_id up to which each check has judged everything, be it in an older version: to wait for a changed check
    would keep people's words beyond their time, and for ever where older versions are never judged again. So would one text
    on which the validators or a check always fail.
    """
    now = due(store, checks)
    untried = [without(now.new[check.id], now.tried[check.id]) for check in checks]
    return min((ranges[0][0] for ranges in untried if ranges), default=last_revision(store))


def everything(store: Store, checks: Sequence[Check]) -> Todo:
    """All of history, for each check."""
    last = last_revision(store)
    return {check.id: [(0, last)] if last else [] for check in checks}


def count_new(store: Store, checks: Sequence[Check]) -> int:
    """How many versions of items are new to at least one check."""
    new = joined(one for ranges in due(store, checks).new.values() for one in ranges)
    return count_versions(store, new) if new else 0


def count_older(store: Store, checks: Sequence[Check]) -> int:
    """How many versions of items at least one check has to judge again because it has changed."""
    older = joined(one for ranges in due(store, checks).older.values() for one in ranges)
    return count_versions(store, older) if older else 0
