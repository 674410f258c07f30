"""What the checks find, as rows of a frame and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from checks.catalogue import SEVERITIES

FOUND = (
    "revision_id", "item_id", "revision", "check_id", "check_version", "clause", "severity", "score", "evidence",
    "start_char", "end_char", "reason",
)  # fmt: skip


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
        for row in each_row(frame)
    ]


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, their cells by name."""
    return frame.itertuples(index=False)


def in_order(findings: list[Finding]) -> list[Finding]:
    """The most urgent first, then by clause and item."""
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.clause, one.item_id, one.revision))
