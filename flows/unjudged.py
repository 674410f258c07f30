"""Which checks have not judged the newest text of an item: that they flag nothing there does not mean that it is fine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import checks
from flows.report_words import clip, count

FOLDER = Path(checks.__file__).parent
# So many checks are named by their titles; more by their clauses alone.
TITLES = 3


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A check that has not judged a text whole; `tried`: it has had its turn, and could not."""

    check_id: str
    clause: str
    title: str
    tried: bool


def still_in_use(rows: Iterable[Mapping[str, Any]]) -> list[Unjudged]:
    """The rows of queries/unjudged.sql, without the checks that are no longer there: no run would try them again."""
    return [Unjudged(**row) for row in rows if (FOLDER / row["check_id"] / "check.toml").exists()]


def in_words(unjudged: Sequence[Unjudged]) -> list[str]:
    """What is to be said of the item, in sentences; nothing where all checks have judged it."""
    sentences = []
    if failed := [one for one in unjudged if one.tried]:
        sentences.append(
            f"Could not be checked: {count(len(failed), 'check')} could not judge its newest text whole ({_named(failed)}). "
            "The next run tries again. Until then, that they flag nothing there does not mean that it is fine."
        )
    if waiting := [one for one in unjudged if not one.tried]:
        sentences.append(
            f"Not checked yet: its newest text still waits for {count(len(waiting), 'check')} ({_named(waiting)}). "
            "The next run judges it."
        )
    return sentences


def _named(unjudged: Sequence[Unjudged]) -> str:
    if len(unjudged) <= TITLES:
        return "; ".join(f"{one.clause}, {clip(one.title, 120)}" for one in unjudged)
    return ", ".join(sorted({one.clause for one in unjudged}))
