"""Judging again, after the report, what the checks have judged before they were changed.

It takes as many nights as it takes, so many minutes each, in short slices that are kept one by one: wherever it is broken
off, the next night goes on there. It makes room for every other run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from checks.catalogue import Check
from checks.due import Todo, count_older, due, everything
from checks.roster import Roster
from checks.runner import Judged, judge_again
from flows.ending import asked_to_end
from flows.progress import Work, working
from flows.publishing import publish_shown
from flows.report_facts import Older
from flows.report_words import count
from warehouse.judged import count_versions, speed_of_rechecks
from warehouse.ranges import joined, within
from warehouse.runs import end_run, start_run
from warehouse.store import Store, StoreError, open_store

# Texts a second that the checks judge on two cores (measured), as long as no night has shown how many they are here.
USUAL_SPEED = 150.0
# Seconds that others are given to take their turn: whoever waits looks five times a second.
ROOM = 0.5


@dataclass(slots=True)
class Rechecked:
    """What was judged again: versions of items, flags found and withdrawn, whether nothing is left, what went wrong, and by their
    ids the checks that could not be run.
    """

    judged: int = 0
    flags_new: int = 0
    flags_withdrawn: int = 0
    done: bool = False
    problems: list[str] = field(default_factory=list)
    failed: frozenset[str] = frozenset()


def older_left(store: Store, checks: Sequence[Check], minutes: int) -> Older | None:
    """How many versions are still to be judged again, and how many nights of so many minutes that takes; None for none."""
    versions = count_older(store, checks)
    if not versions:
        return None
    a_night = (speed_of_rechecks(store) or USUAL_SPEED) * 60 * minutes
    return Older(versions, math.ceil(versions / a_night) if a_night else None)


def recheck(
    home: Path, roster: Roster, checks: Sequence[Check], *, seconds: float | None = None, all_history: bool = False
) -> Rechecked:
    """Judge again what only older versions of the checks have judged, or all of history, for so many seconds (None: to the
    end), and publish what came of it.

    It stops before its time when the program is asked to end, and gives others a turn at the history in between. What a check
    could not judge it leaves for another night, and goes on with the rest. Raises StoreError where the history cannot be
    opened.
    """
    done = Rechecked()
    deadline = None if seconds is None else monotonic() + seconds
    todo: Todo | None = None
    with asked_to_end() as ends, working("Judging again") as work:

        def over() -> bool:
            return ends() or (deadline is not None and monotonic() >= deadline)

        while checks and not over():
            wait = None if deadline is None else max(0.0, deadline - monotonic())
            try:
                with open_store(home, what="judging of older items", wait_seconds=wait) as store:
                    if todo is None:
                        todo = everything(store, checks) if all_history else due(store, checks).older
                    elif not all_history:
                        # Whoever had a turn meanwhile may have judged some of it.
                        older = due(store, checks).older
                        todo = {name: within(older[name], todo[name]) for name in older}
                    if not any(todo.values()):
                        done.done = not done.problems
                        break
                    _take_a_turn(store, roster, checks, todo, over, done, work)
                checks = [check for check in checks if check.id not in done.failed]
                todo = {check.id: todo[check.id] for check in checks}
            except StoreError:
                # Somebody else needs the history for all of the time that is left.
                if deadline is None or monotonic() < deadline:
                    raise
            if not over():
                sleep(ROOM)
    return done


def _take_a_turn(
    store: Store,
    roster: Roster,
    checks: Sequence[Check],
    todo: Todo,
    over: Callable[[], bool],
    done: Rechecked,
    work: Work,
) -> None:
    """Judge until it is over or somebody else may want a turn, as one run."""
    total = done.judged + count_versions(store, joined(one for ranges in todo.values() for one in ranges))
    run_id = start_run(store, "recheck", datetime.now(UTC))

    def go_on(judged: int) -> bool:
        so_far = done.judged + judged
        work.at(so_far, f"{so_far:,} of {count(total, 'version of an item', 'versions of items')}", of=total)
        return not over() and not gives_way(store)

    judged = judge_again(store, run_id, roster=roster, checks=checks, todo=todo, go_on=go_on)
    end_run(store, run_id, "partial" if judged.problems else "complete", " ".join(judged.problems), datetime.now(UTC))
    _add(done, judged)
    if judged.flags_new or judged.flags_withdrawn or over() or not any(todo.values()):
        publish_shown(store)


def gives_way(store: Store) -> bool:
    """Whether somebody else should have a turn at the history now."""
    return store.lease.somebody_waits()


def _add(done: Rechecked, judged: Judged) -> None:
    done.judged += judged.revisions
    done.flags_new += judged.flags_new
    done.flags_withdrawn += judged.flags_withdrawn
    done.problems += judged.problems
    done.failed |= judged.failed
