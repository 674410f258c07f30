"""Judging rows: texts made plain, entities and people found, each check's gate and transform, spans put back on the text.

Everything here is a pure function of the rows, so that it gives the same answer on a slice of history as on the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from checks.catalogue import SEVERITIES, Check
from checks.entities import DISGUISES, GATE, find_entities
from checks.normalise import Normalised, normalise
from checks.phrases import phrases
from checks.roster import Roster
from warehouse.terms import terms_of

FOUND = (
    "revision_id", "item_id", "revision", "check_id", "check_version", "clause", "severity", "score", "evidence",
    "start_char", "end_char", "reason",
)  # fmt: skip


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
    """Findings by check id, as frames with the columns FOUND, and why a check could not be run, in words."""

    found: dict[str, pd.DataFrame]
    problems: dict[str, str] = field(default_factory=dict)


def gate(checks: Sequence[Check], roster: Roster) -> str:
    """One RE2 alternation that every text matches which any of the checks could flag."""
    parts = [check.about.gate.pattern for check in checks if check.about.gate.pattern]
    return "|".join(f"(?:{part})" for part in [*parts, GATE, DISGUISES, roster.gate] if part)


def judge_rows(rows: pd.DataFrame, checks: Sequence[Check], roster: Roster) -> Judgement:
    """What the checks find in rows of the columns of warehouse/statements/to_judge.sql.

    A check that raises costs its own answer only.
    """
    texts = {
        int(revision_id): normalise(text)
        for revision_id, text in zip(rows.revision_id.tolist(), rows.text.tolist(), strict=True)
    }
    prepared = _prepare(rows, texts, roster)
    found: dict[str, pd.DataFrame] = {}
    problems: dict[str, str] = {}
    for check in checks:
        given = prepared[_through_gate(prepared, check)]
        try:
            answer = check.transform(given.copy()) if len(given) else pd.DataFrame()
            found[check.id] = _findings(answer, given, check, texts)
        except Exception as error:
            problems[check.id] = (
                f"The check “{check.about.title}” ({check.about.clause}) could not be run: {type(error).__name__}."
            )
    return Judgement(found, problems)


def judge_text(
    text: str,
    *,
    roster: Roster,
    checks: Sequence[Check],
    platform: str = "facebook",
    kind: str = "comment",
    author_name: str = "",
    author_handle: str = "",
    author_role: str = "public",
    parent_text: str = "",
    rating: float | None = None,
) -> list[Finding]:
    """What the checks find in one text, the most urgent first. Raises FaultyAnswerError if a check cannot be run."""
    handles = roster.handles({})
    own = handles[(handles.platform == platform) & (handles.handle.str.lower() == author_handle.lstrip("@").lower())]
    row = {
        "revision_id": 1,
        "item_id": "text",
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
        "author_member_id": own.member_id.iloc[0] if len(own) else None,
        "text": text,
        "parent_text": parent_text,
        "parent_author_role": "",
        "rating": rating,
        "created_at": None,
        "by_api": False,
    }
    judgement = judge_rows(pd.DataFrame([row]), checks, roster)
    if judgement.problems:
        raise FaultyAnswerError(" ".join(judgement.problems.values()))
    titles = {check.id: check.about.title for check in checks}
    return in_order([one for frame in judgement.found.values() for one in as_findings(frame, titles)])


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


def _prepare(rows: pd.DataFrame, texts: dict[int, Normalised], roster: Roster) -> pd.DataFrame:
    plain = [texts[revision_id].text for revision_id in rows.revision_id]
    return rows.assign(
        normalised_text=pd.Series(plain, index=rows.index, dtype="object"),
        entities=pd.Series(
            [[one.as_row() for one in find_entities(text, roster.published)] for text in plain],
            index=rows.index,
            dtype="object",
        ),
        people=pd.Series(
            [
                _recognised(roster.find(text, parent, by_acto=role == "official"), platform, by_api, roster)
                for text, parent, role, platform, by_api in zip(
                    plain,
                    rows.parent_text.tolist(),
                    rows.author_role.tolist(),
                    rows.platform.tolist(),
                    rows.by_api.tolist(),
                    strict=True,
                )
            ],
            index=rows.index,
            dtype="object",
        ),
    )


def _recognised(people: list[dict[str, Any]], platform: str, by_api: bool, roster: Roster) -> list[dict[str, Any]]:
    """The people without those known by a handle alone that the platform's terms let nobody match."""
    if not people or not by_api or not terms_of(platform).match_by_consent:
        return people
    return [one for one in people if not one["name"].startswith("@") or roster.consents(one["member_id"], platform)]


def _through_gate(rows: pd.DataFrame, check: Check) -> list[bool]:
    """Which rows the check looks at: those of its gate, without those that the platform's terms keep from it."""
    about = check.about.gate
    pattern = phrases(about.pattern) if about.pattern else None
    kinds = set(about.entities)
    # Plain lists: going through a frame row by row took most of the time of a night (measured).
    return [
        bool(
            (pattern and pattern.search(text))
            or (about.people and people)
            or (kinds and any(entity["kind"] in kinds for entity in entities))
        )
        and not (by_api and check.about.clause in terms_of(platform).no_conclusions)
        for text, people, entities, platform, by_api in zip(
            rows.normalised_text.tolist(),
            rows.people.tolist(),
            rows.entities.tolist(),
            rows.platform.tolist(),
            rows.by_api.tolist(),
            strict=True,
        )
    ]


def _findings(answer: pd.DataFrame, given: pd.DataFrame, check: Check, texts: dict[int, Normalised]) -> pd.DataFrame:
    """The best finding of each row, on the raw text. Raises FaultyAnswerError for what cannot be a finding."""
    if not len(answer):
        return pd.DataFrame(columns=list(FOUND))
    rows = {row.revision_id: row for row in _each(given)}
    best: dict[int, dict[str, Any]] = {}
    for finding in _each(answer):
        kept = _finding(finding, rows.get(finding.revision_id), check, texts)
        before = best.get(kept["revision_id"])
        if before is None or _weight(kept) > _weight(before):
            best[kept["revision_id"]] = kept
    return pd.DataFrame(list(best.values()), columns=list(FOUND))


def _weight(found: dict[str, Any]) -> tuple[float, int, int]:
    """What makes a finding the better one: its score, then its severity, then that it comes first."""
    return (found["score"], -SEVERITIES.index(found["severity"]), -found["start_char"])


def _finding(finding: Any, row: Any, check: Check, texts: dict[int, Normalised]) -> dict[str, Any]:
    said = getattr(finding, "severity", None)
    severity = check.about.severity if pd.isna(said) else str(said)
    if row is None or severity not in SEVERITIES or not 0 <= finding.score <= 1:
        raise FaultyAnswerError(check.id)
    plain = texts[row.revision_id]
    start, end = int(finding.start_char), int(finding.end_char)
    if not 0 <= start < end <= len(plain.text):
        raise FaultyAnswerError(check.id)
    start, end = plain.to_raw(start, end)
    return {
        "revision_id": int(row.revision_id),
        "item_id": row.item_id,
        "revision": int(row.revision),
        "check_id": check.id,
        "check_version": check.about.version,
        "clause": check.about.clause,
        "severity": severity,
        "score": float(finding.score),
        "evidence": row.text[start:end],
        "start_char": start,
        "end_char": end,
        "reason": str(finding.reason),
    }
