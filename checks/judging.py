"""Judging rows: what the rules suggest and the scorer says is weighed, spans put back on the text, and what fails kept apart.

Everything here is a pure function of the rows, so that it gives the same answer on a slice of history as on the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from checks.catalogue import Check
from checks.findings import FOUND, Finding, as_findings, each_row, in_order
from checks.preparing import prepare, text_row
from checks.roster import Roster
from checks.scorer.inputs import Text
from checks.scorer.scorer import Read, Scorer
from checks.suggesting import FaultyAnswerError, best_suggestions, through_gates
from checks.weighing import Suggestion, Weighed, weigh
from warehouse.terms import terms_of

# From which share of its threshold on a text came near to a flag.
NEAR = 0.3
# A check that fails on so many texts before it has judged one is broken.
ENOUGH = 10
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings by check id, as frames with the columns FOUND, and why a check could not be run, in words.

    `unscored` says why the scorer failed on rows that it was given; the rules have judged them alone. `near` has the rows
    that no check flags but one nearly does: revision_id, nearness (NEAR to 1). `faulty` says of each row in which formats and
    names could not be looked for why not, by revision_id. `unjudged` has the rows (revision_id) on which a check failed that
    could judge others, by check id: what it found is without them.
    """

    found: dict[str, pd.DataFrame]
    problems: dict[str, str] = field(default_factory=dict)
    unscored: str = ""
    near: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["revision_id", "nearness"]))
    faulty: dict[int, str] = field(default_factory=dict)
    unjudged: dict[str, set[int]] = field(default_factory=dict)

    @property
    def unable(self) -> set[str]:
        """The checks, by id, that could judge none of the rows."""
        return self.problems.keys() - self.unjudged.keys()

    @property
    def unsure(self) -> set[int]:
        """The rows (revision_id) that could not be judged whole."""
        return self.faulty.keys() | set().union(*self.unjudged.values())

    def troubles(self) -> list[str]:
        """What could not be done, in words."""
        return [*self.problems.values(), *filter(None, [self.unscored, unlooked(self.faulty.values())])]


def unlooked(faulty: Collection[str]) -> str:
    """That formats and names could not be looked for in some texts, if so."""
    if not faulty:
        return ""
    texts = "1 text" if len(faulty) == 1 else f"{len(faulty):,} texts"
    return f"Numbers, addresses and names could not be looked for in {texts} ({', '.join(sorted(set(faulty)))})."


def judge_rows(rows: pd.DataFrame, checks: Sequence[Check], roster: Roster, scorer: Scorer | None = None) -> Judgement:
    """What the checks find in rows of the columns of warehouse/statements/to_judge.sql.

    `to_validate` says which rows the validators look at; each check's rules look at those that its gate lets through, the
    scorer reads all. A check that raises costs its own answer only, and where it judges rows one by one that on the rows on
    which it raises. Without a `scorer` the rules judge alone.
    """
    # Whatever goes through rows one by one, as most checks do, is many times slower on the frame's own strings.
    strings = {name: "object" for name, kind in rows.dtypes.items() if isinstance(kind, pd.StringDtype)}
    prepared = prepare(rows.astype(strings), roster)
    looked_at = through_gates(prepared, checks)
    allowed: dict[str, pd.DataFrame] = {}
    suggested: dict[str, dict[int, Suggestion]] = {}
    problems: dict[str, str] = {}
    unjudged: dict[str, set[int]] = defaultdict(set)
    for check in checks:
        with _problem(check, problems):
            mine = prepared[_allowed(prepared, check)]
            given = looked_at.loc[mine.index, check.id]
            answers, failing = _past_faults(mine[given], check, best_suggestions, problems, other=mine[~given].head(1))
            suggested[check.id] = {row: one for by_row in answers for row, one in by_row.items()}
            unjudged[check.id] |= failing
            allowed[check.id] = mine[~mine.revision_id.isin(failing)] if failing else mine
    unscored, scores = "", {}
    try:
        scores = _scores(prepared, {row for by_rule in suggested.values() for row in by_rule}, scorer)
    except Exception as error:
        unscored = f"Only the rules could judge, the scorer failed: {type(error).__name__}."
    found: dict[str, pd.DataFrame] = {}
    nearness: dict[int, float] = defaultdict(float)
    for check in checks:
        if check.id not in suggested:
            continue
        with _problem(check, problems):

            def weighed(rows: pd.DataFrame, check: Check) -> tuple[list[Weighed], list[dict[str, Any]]]:
                all_of_them = list(weigh(rows, check, suggested[check.id], scores, scorer))
                return all_of_them, [_finding(one.found, one.row, check) for one in all_of_them if one.found]

            parts, failing = _past_faults(allowed[check.id], check, weighed, problems, other=prepared.head(0))
            unjudged[check.id] |= failing
            found[check.id] = pd.DataFrame([one for _, findings in parts for one in findings], columns=list(FOUND))
            for one in (one for part, _ in parts for one in part):
                nearness[one.row.revision_id] = max(nearness[one.row.revision_id], one.nearness)
    near = [(revision_id, value) for revision_id, value in nearness.items() if NEAR <= value < 1]
    failed = prepared[prepared.faulty != ""]
    faulty = dict(zip(failed.revision_id.tolist(), failed.faulty.tolist(), strict=True))
    return Judgement(
        found,
        problems,
        unscored,
        pd.DataFrame(near, columns=["revision_id", "nearness"]),
        faulty,
        {check_id: rows for check_id, rows in unjudged.items() if rows and check_id in found},
    )


@contextmanager
def _problem(check: Check, problems: dict[str, str]) -> Iterator[None]:
    """A check that raises costs its own answer only: why it could not be run goes into `problems`, by its id."""
    try:
        yield
    except Exception as error:
        problems[check.id] = _could_not("be run", check, error)


def _could_not(what: str, check: Check, error: Exception) -> str:
    return f"The check “{check.about.title}” ({check.about.clause}) could not {what}: {type(error).__name__}."


def _past_faults(
    rows: pd.DataFrame,
    check: Check,
    judge: Callable[[pd.DataFrame, Check], Answer],
    problems: dict[str, str],
    other: pd.DataFrame,
) -> tuple[list[Answer], set[int]]:
    """What `judge` answers to the rows, in parts, and the rows (revision_id) on which it raises: why goes into `problems`.

    Raises what it raises where the check does not judge rows one by one, and where it is broken: where `judge` raises on all of
    several rows, or on the first ENOUGH, and on an `other` row, if there is any.
    """
    try:
        return [judge(rows, check)], set()
    except Exception as error:
        if check.about.scope != "row" or rows.empty:
            raise
        answers: list[Answer] = []
        failing: set[int] = set()
        halves = [rows]
        while halves:
            part = halves.pop()
            try:
                answers.append(judge(part, check))
            except Exception:
                if len(part) > 1:
                    halves += [part.iloc[len(part) // 2 :], part.iloc[: len(part) // 2]]
                    continue
                failing.add(int(part.revision_id.iloc[0]))
            if not answers and len(failing) in (ENOUGH, len(rows)):
                if len(other):
                    judge(other, check)
                elif len(rows) > 1:
                    raise
        some = bool(answers) or len(other) > 0
        problems[check.id] = _could_not("be run on some texts" if some else "be run", check, error)
        return answers, failing


def judge_text(
    text: str, *, roster: Roster, checks: Sequence[Check], scorer: Scorer | None = None, **setting: Any
) -> list[Finding]:
    """What the checks find in one text, the most urgent first; `setting` is what text_row takes.

    Raises FaultyAnswerError if a check cannot be run.
    """
    judgement = judge_rows(pd.DataFrame([text_row(text, roster=roster, **setting)]), checks, roster, scorer)
    if troubles := judgement.troubles():
        raise FaultyAnswerError(" ".join(troubles))
    return all_findings(judgement, checks)


def all_findings(judgement: Judgement, checks: Sequence[Check]) -> list[Finding]:
    """What the checks that could be run have found, the most urgent first."""
    titles = {check.id: check.about.title for check in checks}
    return in_order([one for frame in judgement.found.values() for one in as_findings(frame, titles)])


def _scores(prepared: pd.DataFrame, suspected: Set[int], scorer: Scorer | None) -> dict[int, Read]:
    """What the scorer says of each row, by revision_id. Rows that a rule suspects are read whole, for what it suggests is
    weighed by the scorer's word.
    """
    if scorer is None or prepared.empty:
        return {}
    revision_ids = prepared.revision_id.tolist()
    read = scorer.read([Text.of(row) for row in each_row(prepared)], [one in suspected for one in revision_ids])
    return dict(zip(revision_ids, read, strict=True))


def _allowed(rows: pd.DataFrame, check: Check) -> list[bool]:
    """Which rows the check may judge: all but those that the platform's terms keep from it."""
    return [
        not (by_api and check.about.clause in terms_of(platform).no_conclusions)
        for platform, by_api in zip(rows.platform.tolist(), rows.by_api.tolist(), strict=True)
    ]


def _finding(found: Suggestion, row: Any, check: Check) -> dict[str, Any]:
    start, end = row.normalised.to_raw(found.start_char, found.end_char)
    return {
        "revision_id": int(row.revision_id),
        "item_id": row.item_id,
        "revision": int(row.revision),
        "check_id": check.id,
        "check_version": check.about.version,
        "clause": check.about.clause,
        "severity": found.severity,
        "score": found.score,
        "evidence": row.text[start:end],
        "start_char": start,
        "end_char": end,
        "reason": found.reason,
    }
