"""Judging rows: texts made plain, entities and people found, each check's gate and transform, spans put back on the text.

Everything here is a pure function of the rows, so that it gives the same answer on a slice of history as on the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from checks.catalogue import SEVERITIES, Check
from checks.gate import joined
from checks.phrases import signs
from checks.plain_letters import folded
from checks.roster import Roster
from checks.scorer.inputs import Text
from checks.scorer.scorer import Read, Scorer
from checks.validators import Validated, Validators
from checks.weighing import Suggestion, weigh
from warehouse.terms import terms_of

FOUND = (
    "revision_id", "item_id", "revision", "check_id", "check_version", "clause", "severity", "score", "evidence",
    "start_char", "end_char", "reason",
)  # fmt: skip
# From which share of its threshold on a text came near to a flag.
NEAR = 0.3


class FaultyAnswerError(Exception):
    """A transform returned something that is no finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check: `evidence` is text[start_char:end_char] of the item's raw text."""

    item_id: str
    revision: int
    check_id: str
    clause: str
    title: str
    severity: str
    score: float
    evidence: str
    start_char: int
    end_char: int
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings by check id, as frames with the columns FOUND, and why a check could not be run, in words.

    `unscored` says why the scorer failed on rows that it was given; the rules have judged them alone. `near` has the rows
    that no check flags but one nearly does: revision_id, nearness (NEAR to 1). `faulty` says of each row in which formats and
    names could not be looked for why not, by revision_id.
    """

    found: dict[str, pd.DataFrame]
    problems: dict[str, str] = field(default_factory=dict)
    unscored: str = ""
    near: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["revision_id", "nearness"]))
    faulty: dict[int, str] = field(default_factory=dict)

    def troubles(self) -> list[str]:
        """What could not be done, in words."""
        return [*self.problems.values(), *filter(None, [self.unscored, unlooked(self.faulty.values())])]


def unlooked(faulty: Collection[str]) -> str:
    """That formats and names could not be looked for in some texts, if so."""
    if not faulty:
        return ""
    texts = "1 text" if len(faulty) == 1 else f"{len(faulty):,} texts"
    return f"Numbers, addresses and names could not be looked for in {texts} ({', '.join(sorted(set(faulty)))})."


class Gates(NamedTuple):
    """RE2 patterns: a text that matches none of the validators' holds nothing for them; one that matches none of the rules'
    either no rule could flag.
    """

    validators: list[str]
    rules: list[str]


def gates(checks: Sequence[Check], roster: Roster) -> Gates:
    """The gates before the validators and before the rules of the checks."""
    return Gates(
        Validators(roster).gates, joined(*(one.about.gate.pattern for one in checks if one.about.gate.pattern))
    )


def judge_rows(rows: pd.DataFrame, checks: Sequence[Check], roster: Roster, scorer: Scorer | None = None) -> Judgement:
    """What the checks find in rows of the columns of warehouse/statements/to_judge.sql.

    `gated` says which rows the rules look at, `to_validate` which of them the validators; the scorer reads all of them. A
    check that raises costs its own answer only. Without a `scorer` the rules judge alone.
    """
    # Whatever goes through rows one by one, as most checks do, is many times slower on the frame's own strings.
    strings = {name: "object" for name, kind in rows.dtypes.items() if isinstance(kind, pd.StringDtype)}
    prepared = prepare(rows.astype(strings), roster)
    allowed: dict[str, pd.DataFrame] = {}
    suggested: dict[str, dict[int, Suggestion]] = {}
    problems: dict[str, str] = {}
    for check in checks:
        with _problem(check, problems):
            allowed[check.id] = prepared[_allowed(prepared, check)]
            suggested[check.id] = suggestions(allowed[check.id], check)
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
            weighed = list(weigh(allowed[check.id], check, suggested[check.id], scores, scorer))
            found[check.id] = pd.DataFrame(
                [_finding(one.found, one.row, check) for one in weighed if one.found], columns=list(FOUND)
            )
            for one in weighed:
                nearness[one.row.revision_id] = max(nearness[one.row.revision_id], one.nearness)
    near = [(revision_id, value) for revision_id, value in nearness.items() if NEAR <= value < 1]
    failed = prepared[prepared.faulty != ""]
    faulty = dict(zip(failed.revision_id.tolist(), failed.faulty.tolist(), strict=True))
    return Judgement(found, problems, unscored, pd.DataFrame(near, columns=["revision_id", "nearness"]), faulty)


@contextmanager
def _problem(check: Check, problems: dict[str, str]) -> Iterator[None]:
    """A check that raises costs its own answer only: why it could not be run goes into `problems`, by its id."""
    try:
        yield
    except Exception as error:
        problems[check.id] = (
            f"The check “{check.about.title}” ({check.about.clause}) could not be run: {type(error).__name__}."
        )


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


def text_row(
    text: str,
    *,
    roster: Roster,
    revision_id: int = 1,
    item_id: str = "text",
    platform: str = "facebook",
    kind: str = "comment",
    author_name: str = "",
    author_handle: str = "",
    author_role: str = "public",
    parent_text: str = "",
    rating: float | None = None,
) -> dict[str, Any]:
    """A text that lies in no history as a row of `to_judge`."""
    return {
        "revision_id": revision_id,
        "item_id": item_id,
        "revision": 1,
        "source": "",
        "platform": platform,
        "kind": kind,
        "thread_id": "",
        "parent_id": "",
        "author_id": "",
        "author_name": author_name,
        "author_handle": author_handle,
        "author_role": author_role,
        "author_member_id": roster.member_at(platform, author_handle),
        "text": text,
        "parent_text": parent_text,
        "parent_author_role": "",
        "rating": rating,
        "created_at": None,
        "by_api": False,
        "gated": True,
        "to_validate": True,
    }


def as_findings(frame: pd.DataFrame, titles: dict[str, str]) -> list[Finding]:
    """The rows of a frame with the columns FOUND."""
    return [
        Finding(
            item_id=str(row.item_id),
            revision=int(row.revision),
            check_id=str(row.check_id),
            clause=str(row.clause),
            title=titles[str(row.check_id)],
            severity=str(row.severity),
            score=float(row.score),
            evidence=str(row.evidence),
            start_char=int(row.start_char),
            end_char=int(row.end_char),
            reason=str(row.reason),
        )
        for row in _each(frame)
    ]


def in_order(findings: list[Finding]) -> list[Finding]:
    """The most urgent first, then by clause and item."""
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.clause, one.item_id, one.revision))


def _each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, their cells by name."""
    return frame.itertuples(index=False)


def prepare(rows: pd.DataFrame, roster: Roster) -> pd.DataFrame:
    """The rows with what is needed to judge them: the text in plain form (`normalised`, with the way back, and
    `normalised_text`), the `entities` and `people` of the roster in it, and why these could not be looked for (`faulty`).
    """
    validators = Validators(roster)
    validated = [
        _validated(validators, text, parent, role) if to_validate else Validated(folded(text), [], [])
        for text, parent, role, to_validate in zip(
            rows.text.tolist(),
            rows.parent_text.tolist(),
            rows.author_role.tolist(),
            rows.to_validate.tolist(),
            strict=True,
        )
    ]
    people = [
        _recognised(one.people, platform, by_api, roster)
        for one, platform, by_api in zip(validated, rows.platform.tolist(), rows.by_api.tolist(), strict=True)
    ]
    return rows.assign(
        normalised=pd.Series([one.plain for one in validated], index=rows.index, dtype="object"),
        normalised_text=pd.Series([one.plain.text for one in validated], index=rows.index, dtype="object"),
        entities=pd.Series([one.entities for one in validated], index=rows.index, dtype="object"),
        people=pd.Series(people, index=rows.index, dtype="object"),
        faulty=pd.Series([one.faulty for one in validated], index=rows.index, dtype="object"),
    )


def _validated(validators: Validators, text: str, parent: str, role: str) -> Validated:
    """What a text holds; one on which the validators fail is judged by its words all the same, and costs no other text."""
    plain = folded(text)
    try:
        return validators.validate(plain, parent, by_acto=role == "official")
    except Exception as error:
        return Validated(plain, [], [], type(error).__name__)


def _recognised(people: list[dict[str, Any]], platform: str, by_api: bool, roster: Roster) -> list[dict[str, Any]]:
    """The people without those known by a handle alone that the platform's terms let nobody match."""
    if not people or not by_api or not terms_of(platform).match_by_consent:
        return people
    return [one for one in people if not one["name"].startswith("@") or roster.consents(one["member_id"], platform)]


def _scores(prepared: pd.DataFrame, suspected: Set[int], scorer: Scorer | None) -> dict[int, Read]:
    """What the scorer says of each row, by revision_id. Rows that a rule suspects are read whole, for what it suggests is
    weighed by the scorer's word.
    """
    if scorer is None or prepared.empty:
        return {}
    revision_ids = prepared.revision_id.tolist()
    read = scorer.read([Text.of(row) for row in _each(prepared)], [one in suspected for one in revision_ids])
    return dict(zip(revision_ids, read, strict=True))


def _allowed(rows: pd.DataFrame, check: Check) -> list[bool]:
    """Which rows the check may judge: all but those that the platform's terms keep from it."""
    return [
        not (by_api and check.about.clause in terms_of(platform).no_conclusions)
        for platform, by_api in zip(rows.platform.tolist(), rows.by_api.tolist(), strict=True)
    ]


def _through_gate(rows: pd.DataFrame, check: Check) -> list[bool]:
    """Which rows the check's transform looks at: those of its gate."""
    about = check.about.gate
    pattern = signs(about.pattern) if about.pattern else None
    kinds = set(about.entities)
    # Plain lists: going through a frame row by row took most of the time of a night (measured).
    return [
        gated
        and bool(
            (pattern and pattern.any_in(text))
            or (about.people and people)
            or (kinds and any(entity["kind"] in kinds for entity in entities))
        )
        for gated, text, people, entities in zip(
            rows.gated.tolist(),
            rows.normalised_text.tolist(),
            rows.people.tolist(),
            rows.entities.tolist(),
            strict=True,
        )
    ]


def suggestions(rows: pd.DataFrame, check: Check) -> dict[int, Suggestion]:
    """The best suggestion of the check's transform for each prepared row, by revision_id, as grave as the gravest of them.

    Raises FaultyAnswerError for an answer that cannot be a finding.
    """
    given = rows[_through_gate(rows, check)]
    if given.empty:
        return {}
    answer = check.transform(given.drop(columns="normalised"))
    lengths = {row.revision_id: len(row.normalised_text) for row in _each(given)}
    best: dict[int, Suggestion] = {}
    gravest: dict[int, str] = {}
    for one in _each(answer):
        said = getattr(one, "severity", None)
        severity = check.about.severity if pd.isna(said) else str(said)
        start, end = int(one.start_char), int(one.end_char)
        if severity not in SEVERITIES or not 0 <= one.score <= 1:
            raise FaultyAnswerError(check.id)
        if not 0 <= start < end <= lengths.get(one.revision_id, 0):
            raise FaultyAnswerError(check.id)
        suggestion = Suggestion(start, end, float(one.score), severity, str(one.reason))
        row = int(one.revision_id)
        if row not in best or suggestion.weight > best[row].weight:
            best[row] = suggestion
        if suggestion.score:
            gravest[row] = min(severity, gravest.get(row, severity), key=SEVERITIES.index)
    return {row: replace(one, severity=gravest[row]) if one.score else one for row, one in best.items()}


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
