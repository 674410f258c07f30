"""O4: a colleague, and something personal about them, without a sign of permission."""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.o4_colleague_information.permission import all_permitted, lacking, permitted_by_all, said_to_be_permitted
from checks.o4_colleague_information.personal_information import shared, spoken_of
from checks.phrases import findings, left_alone, sentence, spoken

HISTORY = spoken(r"\b(?:carl rogers|freud|jung|winnicott|bowlby|born (?:on|in) 1[789]\d\d)\b")
PERMISSION = "Permission is known, or said to have been given."


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out."""
    found = []
    row: Any
    for row in rows.itertuples():
        text = row.normalised_text
        if permitted := all_permitted(row):
            found.append(left_alone(row, permitted, PERMISSION))
            continue
        if HISTORY.search(text):
            continue
        people, said = spoken_of(row), said_to_be_permitted(row)
        told = shared(row, permitted_by_all(people), said)
        if told is None:
            found += [left_alone(row, span, PERMISSION) for span in said]
            continue
        span, words, score, permission = told
        start, end = sentence(text, *span)
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": start,
                "end_char": end,
                "score": score,
                "reason": f"It tells about a colleague's {words}; {lacking(people, permission)}.",
                "severity": None,
            }
        )
    return findings(found)
