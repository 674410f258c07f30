"""Running the checks over the history: first what is new to them, later what they have judged before they were changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from checks.catalogue import Check, said_by
from checks.due import Todo, due, everything, new_to
from checks.findings import FOUND, Finding, as_findings, in_order
from checks.judging import Judgement, judge_rows, unlooked
from checks.roster import Roster
from checks.scorer.scorer import Scorer, ScorerError, default_scorer
from checks.validators import Validators
from warehouse.audit import keep_near_misses
from warehouse.judged import ToJudge, count_versions, register_checks, register_unloaded, to_judge
from warehouse.people import changed_people, items_about, keep_people
from warehouse.ranges import Range, newest, without
from warehouse.store import Store

# Versions of items taken at once: memory stays flat over a long history.
SLICE = 5_000
# The same where somebody else may want to have a turn: a few seconds.
SHORT_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run of the checks came to; `revisions` counts versions of items, once however many checks judged them.

    `failed` has the ids of the checks that could not be run and judge all of them another time: all of them where the scorer
    failed. A check that fails on a text here and there is told in `problems` alone, and where certain items were to be judged in
    `missed`: nothing says which of them are still to be judged.
    """

    revisions: int = 0
    flags_new: int = 0
    flags_withdrawn: int = 0
    problems: list[str] = field(default_factory=list)
    failed: frozenset[str] = frozenset()
    missed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """What the checks as they are now would change in the flags that stand. `decided`: the status of those of
    `no_longer_flagged` about which something was decided (dismissed, removal_asked, escalated or resolved); they would stay.
    """

    newly_flagged: list[Finding]
    no_longer_flagged: list[Finding]
    problems: list[str] = field(default_factory=list)
    decided: dict[Finding, str] = field(default_factory=dict)


def run_checks(
    store: Store,
    run_id: str,
    *,
    roster: Roster,
    checks: Sequence[Check],
    at: datetime,
    item_ids: Sequence[str] | None = None,
    on_slice: Callable[[int], None] | None = None,
) -> Judged:
    """Judge what is new to each check; with `item_ids` all versions of those items, whatever has been judged before.
    `on_slice` is called after each slice with how many versions were judged so far.

    Flags land as they are found; a flag of an older judgement that is not found again is withdrawn. A check that cannot
    be run is told in `problems`, and judges the same again next time; so does each where the validators or a check failed on
    a text.
    What names a member, or a member wrote, is also judged again where the roster or a permission has changed. What a check
    has judged before it was changed is left to `judge_again`.
    """
    register_checks(store, run_id, _as_frame(checks), at)
    if item_ids is not None:
        return _run(
            store, run_id, roster, checks, everything(store, checks), at=at, item_ids=item_ids, tries_again=False
        )
    now = due(store, checks)
    new = _run(store, run_id, roster, checks, now.new, at=at, keeps_near=True, on_slice=on_slice)
    # A check that failed just now would fail again: it judges people again when it can be run.
    able = [check for check in checks if check.id not in new.failed]
    return _with_people_again(store, run_id, roster, able, at, now.before, new)


def note_loaded(store: Store, run_id: str, checks: Sequence[Check], at: datetime) -> None:
    """Keep that there are these checks, also where only some of them judge now: what the others have not judged is then new to
    them, and not what had been judged before they were added.
    """
    register_checks(store, run_id, _as_frame(checks), at)


def note_unloaded(store: Store, run_id: str, folders: Sequence[Path], at: datetime) -> dict[str, int]:
    """Keep that there are checks in `folders` which cannot be loaded, at version 0 where they have never run, so that what comes
    meanwhile is new to them once they are mended. How many versions of items that is until now, by the id of the check.
    """
    told = [{"check_id": folder.name, "version": 0, **said_by(folder)} for folder in folders]
    if told:
        register_unloaded(store, run_id, pd.DataFrame(told), at)
    return {name: count_versions(store, new) for name, new in new_to(store, [one.name for one in folders]).items()}


def judge_again(
    store: Store,
    run_id: str,
    *,
    roster: Roster,
    checks: Sequence[Check],
    todo: Todo,
    go_on: Callable[[int], bool],
) -> Judged:
    """Judge what `todo` names, the newest first, and take it out of `todo` slice by slice: what is left can be judged
    another time. Each slice is kept as a whole, with the note that it was judged.

    After each slice `go_on` is asked, with how many versions were judged so far. It goes past a text on which a check fails. A
    check that cannot be run at all is left out from then on, and without the scorer it ends at once: nothing would come of it
    but the same problem.
    """
    register_checks(store, run_id, _as_frame(checks), datetime.now(UTC))
    return _run(store, run_id, roster, checks, todo, size=SHORT_SLICE, go_on=go_on)


def _with_people_again(
    store: Store,
    run_id: str,
    roster: Roster,
    checks: Sequence[Check],
    at: datetime,
    before: Mapping[str, int],
    done: Judged,
) -> Judged:
    """`done`, and what comes of judging again what was judged up to `before` and names, or was written by, a member of whom
    something else is known now: a permission that was given, or has ended, a name, a handle or a consent.
    """
    fingerprints = roster.fingerprints()
    alike: dict[tuple[frozenset[str], int], list[Check]] = defaultdict(list)
    for check in checks:
        alike[frozenset(changed_people(store, check.id, fingerprints)), before[check.id]].append(check)
    for (changed, up_to), group in alike.items():
        items = items_about(store, changed, roster.naming(changed), up_to) if changed and up_to else []
        again = (
            _run(store, run_id, roster, group, everything(store, group), at=at, item_ids=items) if items else Judged()
        )
        done = Judged(
            done.revisions,
            done.flags_new + again.flags_new,
            done.flags_withdrawn + again.flags_withdrawn,
            list(dict.fromkeys(done.problems + again.problems)),
            done.failed | again.failed,
        )
        for check in group:
            if check.id not in again.failed | again.missed:
                keep_people(store, run_id, check.id, fingerprints, at)
    return done


def _run(
    store: Store,
    run_id: str,
    roster: Roster,
    checks: Sequence[Check],
    todo: Todo,
    *,
    at: datetime | None = None,
    item_ids: Sequence[str] | None = None,
    keeps_near: bool = False,
    tries_again: bool = True,
    size: int | None = None,
    go_on: Callable[[int], bool] | None = None,
    on_slice: Callable[[int], None] | None = None,
) -> Judged:
    """Judge what `todo` names, and take it out of `todo`; `at` is when that is said to be, None for the time it is.

    `tries_again`: what could not be judged the next run judges, without being asked.
    """
    revisions, new, gone = 0, 0, 0
    scorer, unscored = _scorer()
    problems: dict[str, str] = {}
    unchecked: Counter[str] = Counter()
    unable: set[str] = set()
    faulty: list[str] = []
    with to_judge(store) as pending:
        for scope, group in _by_scope(checks).items():
            judged = 0
            mine = {check.id: todo[check.id] for check in group}
            while taken := _next(mine, _size(scope, size)):
                part, who = taken
                able = [check for check in group if check.id in who and check.id not in unable]
                if go_on and unscored:
                    break
                count, judgement = _judge(pending, part, item_ids, scope, able, roster, scorer)
                judged += count
                problems |= judgement.problems
                unable |= judgement.unable
                unscored = unscored or judgement.unscored
                faulty += judgement.faulty.values()
                scored = scorer is not None and not judgement.unscored
                for name in who:
                    none_of_it = name in unable or not scored
                    unchecked[name] += count if none_of_it else len(judgement.unjudged.get(name, ()))
                if keeps_near and len(judgement.near):
                    keep_near_misses(store, run_id, judgement.near, at or datetime.now(UTC))
                found = {
                    (check.id, check.about.version): judgement.found[check.id]
                    for check in able
                    if check.id in judgement.found
                }
                # What the scorer has not read is judged again, and until then no flag of it is withdrawn.
                mark = part if item_ids is None and not unscored else []
                added, lost = pending.keep(
                    run_id,
                    found,
                    mark,
                    at or datetime.now(UTC),
                    unsure=sorted(judgement.unsure),
                    # What is not known of one text may be what a flag on another of its thread rests on.
                    withdraws=scored and not (judgement.unsure and scope != "row"),
                )
                new, gone = new + added, gone + lost
                for name in who:
                    mine[name] = todo[name] = without(mine[name], part)
                    if go_on and name in unable:
                        del mine[name]
                if on_slice:
                    on_slice(max(revisions, judged))
                if go_on and not go_on(max(revisions, judged)):
                    break
            revisions = max(revisions, judged)
    told = [f"{said} {_unchecked(unchecked[check_id], tries_again)}" for check_id, said in problems.items()]
    if unscored:
        told.append(f"{unscored} {_unchecked(max(unchecked.values(), default=0), tries_again)}")
    failed = frozenset(check.id for check in checks if unscored or check.id in unable)
    missed = frozenset(check.id for check in checks if item_ids is not None and (faulty or check.id in problems))
    return Judged(revisions, new, gone, [*told, *filter(None, [unlooked(faulty)])], failed, missed)


def compare(
    store: Store,
    *,
    roster: Roster,
    checks: Sequence[Check],
    item_ids: Sequence[str] | None = None,
    on_slice: Callable[[int], None] | None = None,
) -> Difference:
    """What judging every version in history (or those of `item_ids`) again would newly flag and no longer flag; nothing
    is written. `on_slice` is called after each slice with how many versions were judged so far.
    """
    found: list[pd.DataFrame] = []
    standing: list[pd.DataFrame] = []
    scorer, unscored = _scorer()
    problems = {"scorer": unscored} if unscored else {}
    faulty: list[str] = []
    with to_judge(store) as pending:
        for scope, group in _by_scope(checks).items():
            judged = 0
            todo = everything(store, group)
            while part := newest(todo, _size(scope, None)):
                low, high, who = part
                count, judgement = _judge(pending, [(low, high)], item_ids, scope, group, roster, scorer)
                judged += count
                problems |= judgement.problems | ({"scorer": judgement.unscored} if judgement.unscored else {})
                faulty += judgement.faulty.values()
                for check in group:
                    if check.id in judgement.found:
                        found.append(judgement.found[check.id])
                        standing.append(pending.open_findings(check.id, sorted(judgement.unjudged.get(check.id, ()))))
                todo = {name: without(todo[name], [(low, high)]) for name in who}
                if on_slice:
                    on_slice(judged)
    titles = {check.id: check.about.title for check in checks}
    before = [one for frame in standing for one in as_findings(frame, titles)]
    after = [one for frame in found for one in as_findings(frame, titles)]
    known = {(one.item_id, one.revision, one.check_id) for one in before}
    kept = {(one.item_id, one.revision, one.check_id) for one in after}
    gone = in_order([one for one in before if (one.item_id, one.revision, one.check_id) not in kept])
    statuses = dict(zip(before, (status for frame in standing for status in frame.status.tolist()), strict=True))
    return Difference(
        in_order([one for one in after if (one.item_id, one.revision, one.check_id) not in known]),
        gone,
        [*problems.values(), *filter(None, [unlooked(faulty)])],
        {one: statuses[one] for one in gone if statuses[one] != "open"},
    )


def _next(todo: Todo, size: int | None) -> tuple[list[Range], list[str]] | None:
    """What is judged at once, and by which checks: the newest and, where all have the same to do, what lies further back too,
    up to `size` versions. Where the validators failed here and there, a turn for each would take hours.
    """
    first = newest(todo, size)
    if first is None:
        return None
    low, high, who = first
    part, taken = [(low, high)], high - low
    same = todo[who[0]]
    if any(ranges not in ([], same) for ranges in todo.values()):
        return part, who
    for after, up_to in reversed(without(same, part)):
        taken += up_to - after
        if size is not None and taken > size:
            break
        part.append((after, up_to))
    return part, who


def _judge(
    pending: ToJudge,
    part: Sequence[Range],
    item_ids: Sequence[str] | None,
    scope: str,
    checks: Sequence[Check],
    roster: Roster,
    scorer: Scorer | None,
) -> tuple[int, Judgement]:
    """Judge one slice; the number of versions in it, and what was found."""
    count = pending.want(part, item_ids, scope)
    rows = pending.rows(Validators(roster).gates) if count and checks else pd.DataFrame()
    if rows.empty:
        return count, Judgement({check.id: pd.DataFrame(columns=list(FOUND)) for check in checks})
    return count, judge_rows(rows, checks, roster, scorer)


def _scorer() -> tuple[Scorer | None, str]:
    """The scorer, or None and why not."""
    try:
        return default_scorer(), ""
    except ScorerError as error:
        return None, f"Only the rules could judge, the scorer could not: {error}"


def _unchecked(number: int, tries_again: bool) -> str:
    things = "1 version of an item" if number == 1 else f"{number:,} versions of items"
    again = "the next run tries again" if tries_again else "ask again once that is mended"
    return f"{things} could not be checked by it; {again}."


def _by_scope(checks: Sequence[Check]) -> dict[str, list[Check]]:
    """The checks that look at slices of the same kind: they share one look at the history."""
    groups: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        groups[check.about.scope].append(check)
    return groups


def _size(scope: str, size: int | None) -> int | None:
    """How many versions are taken at once; None for all. A thread or an author that is cut is looked at as a whole with
    each part of it: that takes longer, and is done only where somebody may wait for a turn.
    """
    if scope == "row":
        return size or SLICE
    return None if scope == "global" else size


def _as_frame(checks: Sequence[Check]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "check_id": [check.id for check in checks],
            "version": pd.Series([check.about.version for check in checks], dtype="int32"),
            "clause": [check.about.clause for check in checks],
            "severity": [check.about.severity for check in checks],
            "title": [check.about.title for check in checks],
        }
    )
