"""What the rules of a check suggest of prepared rows: its gate, its transform, and whether the answer can be a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from checks.catalogue import SEVERITIES, Check
from checks.findings import each_row
from checks.gate import gate
from checks.weighing import Suggestion


class FaultyAnswerError(Exception):
    """A transform returned something that is no finding."""


def suggestions(rows: pd.DataFrame, check: Check) -> dict[int, Suggestion]:
    """The best suggestion of the check's transform for each prepared row, by revision_id, as grave as the gravest of them.

    Raises FaultyAnswerError for an answer that cannot be a finding.
    """
    return best_suggestions(rows[through_gates(rows, [check])[check.id]], check)


def best_suggestions(given: pd.DataFrame, check: Check) -> dict[int, Suggestion]:
    """The same for rows that have come through the check's gate."""
    if given.empty:
        return {}
    answer = check.transform(given.drop(columns="normalised"))
    lengths = {row.revision_id: len(row.normalised_text) for row in each_row(given)}
    best: dict[int, Suggestion] = {}
    gravest: dict[int, str] = {}
    for one in each_row(answer):
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


def through_gates(rows: pd.DataFrame, checks: Sequence[Check]) -> pd.DataFrame:
    """Which prepared rows the transform of each check looks at, those of its gate: a column a check, by its id."""
    abouts = [check.about.gate for check in checks]
    words = gate(*(about.pattern for about in abouts))
    # Plain lists: going through a frame row by row took most of the time of a night (measured).
    seen = [
        (words.found_in(text), bool(people), {entity["kind"] for entity in entities})
        for text, people, entities in zip(
            rows.normalised_text.tolist(), rows.people.tolist(), rows.entities.tolist(), strict=True
        )
    ]
    return pd.DataFrame(
        {
            check.id: [
                place in found or (about.people and people) or not kinds.isdisjoint(about.entities)
                for found, people, kinds in seen
            ]
            for place, (check, about) in enumerate(zip(checks, abouts, strict=True))
        },
        index=rows.index,
        dtype=bool,
    )
