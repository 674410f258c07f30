"""Running the checks over the history: each judges the versions of items that it has not judged yet at its version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from checks.catalogue import Check
from checks.judging import FOUND, Finding, Judgement, as_findings, gates, in_order, judge_rows
from checks.roster import Roster
from checks.scorer.scorer import Scorer, ScorerError, default_scorer
from warehouse.audit import keep_near_misses
from warehouse.judged import ToJudge, register_checks, to_judge, watermarks
from warehouse.people import changed_people, items_naming, keep_people
from warehouse.store import Store

# Versions of items taken at once: memory stays flat over a long history.
SLICE = 5_000


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run of the checks came to; `revisions` counts versions of items, once however many checks judged them."""

    revisions: int = 0
    flags_new: int = 0
    flags_withdrawn: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the checks as they are now would change in the flags that stand."""

    newly_flagged: list[Finding]
    no_longer_flagged: list[Finding]
    problems: list[str] = field(default_factory=list)


def run_checks(
    store: Store,
    run_id: str,
    *,
    roster: Roster,
    checks: Sequence[Check],
    at: datetime,
    all_history: bool = False,
    item_ids: Sequence[str] | None = None,
) -> Judged:
    """Judge what each check has not judged yet at its version; with `all_history` everything, with `item_ids` those.

    Flags land as they are found; a flag of an older judgement that is not found again is withdrawn. A check that cannot
    be run is told in `problems`, and judges the same again next time. What names a member is also judged again where
    the roster or a permission has changed.
    """
    register_checks(store, run_id, _as_frame(checks), at)
    if item_ids is not None or all_history:
        return _run(store, run_id, roster, checks, at, all_history=all_history, item_ids=item_ids)
    before = watermarks(store)
    new = _run(store, run_id, roster, checks, at)
    # What could not be judged now is judged by tomorrow's roster.
    return new if new.problems else _with_people_again(store, run_id, roster, checks, at, before, new)


def _with_people_again(
    store: Store,
    run_id: str,
    roster: Roster,
    checks: Sequence[Check],
    at: datetime,
    before: dict[tuple[str, int], int],
    done: Judged,
) -> Judged:
    """`done`, and what comes of judging again what was judged up to `before` and names a member of whom something else is
    known now: a permission that was given, or has ended, or a name that is new.
    """
    fingerprints = roster.fingerprints()
    for check in (check for check in checks if check.about.gate.people):
        changed = changed_people(store, check.id, fingerprints)
        up_to = before.get((check.id, check.about.version), 0)
        pattern = roster.naming(changed)
        items = items_naming(store, pattern, up_to) if pattern and up_to else []
        again = _run(store, run_id, roster, [check], at, item_ids=items) if items else Judged()
        done = Judged(
            done.revisions,
            done.flags_new + again.flags_new,
            done.flags_withdrawn + again.flags_withdrawn,
            done.problems + again.problems,
        )
        if not again.problems:
            keep_people(store, run_id, check.id, fingerprints, at)
    return done


def _run(
    store: Store,
    run_id: str,
    roster: Roster,
    checks: Sequence[Check],
    at: datetime,
    *,
    all_history: bool = False,
    item_ids: Sequence[str] | None = None,
) -> Judged:
    nightly = item_ids is None and not all_history
    revisions, new, gone = 0, 0, 0
    scorer, unscored = _scorer()
    problems: dict[str, str] = {}
    unchecked: Counter[str] = Counter()
    with to_judge(store) as pending:
        last = pending.last_revision()
        for (after, scope), group in _groups(store, checks, again=not nightly).items():
            judged = 0
            for low, high in _slices(after, last, whole=scope != "row"):
                able = [check for check in group if check.id not in problems]
                count, judgement = _judge(pending, low, high, item_ids, scope, able, roster, scorer)
                judged += count
                problems |= judgement.problems
                unscored = unscored or judgement.unscored
                scored = scorer is not None and not judgement.unscored
                unchecked.update({check.id: count for check in group if check.id in problems or not scored})
                if nightly and len(judgement.near):
                    keep_near_misses(store, run_id, judgement.near, at)
                for check in able:
                    if check.id in judgement.found:
                        found = judgement.found[check.id]
                        # What the scorer has not read is judged again, and until then no flag of it is withdrawn.
                        mark = high if item_ids is None and not unscored else None
                        added, lost = pending.keep(
                            run_id, check.id, check.about.version, found, mark, at, withdraws=scored
                        )
                        new, gone = new + added, gone + lost
            revisions = max(revisions, judged)
    told = [f"{said} {_unchecked(unchecked[check_id], nightly)}" for check_id, said in problems.items()]
    if unscored:
        told.append(f"{unscored} {_unchecked(max(unchecked.values(), default=0), nightly)}")
    return Judged(revisions, new, gone, told)


def compare(
    store: Store, *, roster: Roster, checks: Sequence[Check], item_ids: Sequence[str] | None = None
) -> Difference:
    """What judging all of history (or `item_ids`) again would newly flag and no longer flag; nothing is written."""
    found: list[pd.DataFrame] = []
    standing: list[pd.DataFrame] = []
    scorer, unscored = _scorer()
    problems = {"scorer": unscored} if unscored else {}
    with to_judge(store) as pending:
        last = pending.last_revision()
        for (_, scope), group in _groups(store, checks, again=True).items():
            for low, high in _slices(0, last, whole=scope != "row"):
                _, judgement = _judge(pending, low, high, item_ids, scope, group, roster, scorer)
                problems |= judgement.problems | ({"scorer": judgement.unscored} if judgement.unscored else {})
                for check in group:
                    if check.id in judgement.found:
                        found.append(judgement.found[check.id])
                        standing.append(pending.open_findings(check.id))
    titles = {check.id: check.about.title for check in checks}
    before = [one for frame in standing for one in as_findings(frame, titles)]
    after = [one for frame in found for one in as_findings(frame, titles)]
    known = {(one.item_id, one.revision, one.check_id) for one in before}
    kept = {(one.item_id, one.revision, one.check_id) for one in after}
    return Difference(
        in_order([one for one in after if (one.item_id, one.revision, one.check_id) not in known]),
        in_order([one for one in before if (one.item_id, one.revision, one.check_id) not in kept]),
        list(problems.values()),
    )


def _judge(
    pending: ToJudge,
    low: int,
    high: int,
    item_ids: Sequence[str] | None,
    scope: str,
    checks: Sequence[Check],
    roster: Roster,
    scorer: Scorer | None,
) -> tuple[int, Judgement]:
    """Judge one slice; the number of versions in it, and what was found."""
    count = pending.want(low, high, item_ids, scope)
    rows = pending.rows(gates(checks, roster)) if count and checks else pd.DataFrame()
    if rows.empty:
        return count, Judgement({check.id: pd.DataFrame(columns=list(FOUND)) for check in checks})
    return count, judge_rows(rows, checks, roster, scorer)


def _scorer() -> tuple[Scorer | None, str]:
    """The scorer, or None and why not."""
    try:
        return default_scorer(), ""
    except ScorerError as error:
        return None, f"Only the rules could judge, the scorer could not: {error}"


def _unchecked(number: int, nightly: bool) -> str:
    things = "1 version of an item" if number == 1 else f"{number:,} versions of items"
    again = "the next run tries again" if nightly else "ask again once that is mended"
    return f"{things} could not be checked by it; {again}."


def _groups(store: Store, checks: Sequence[Check], again: bool) -> dict[tuple[int, str], list[Check]]:
    """The checks that have come equally far and look at slices of the same kind: they share one look at the history."""
    marks = {} if again else watermarks(store)
    groups: dict[tuple[int, str], list[Check]] = defaultdict(list)
    for check in checks:
        groups[marks.get((check.id, check.about.version), 0), check.about.scope].append(check)
    return groups


def _slices(after: int, last: int, *, whole: bool) -> list[tuple[int, int]]:
    """The ranges of revision ids from `after` to `last`; in one piece where slices must not be cut."""
    if after >= last:
        return []
    if whole:
        return [(after, last)]
    starts = range(after, last, SLICE)
    return [(start, min(start + SLICE, last)) for start in starts]


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
