"""How well the checks judge, on any labelled file: precision, recall and F1 by clause with their intervals.

    python -m checks.quality FILE [--roster ROSTER.csv] [--wrong]

FILE has one example a line, with the fields of checks/scorer/labelled.py; --wrong prints each wrong answer too.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from checks.catalogue import CLAUSES, Check, load_checks
from checks.findings import Finding, as_findings
from checks.judging import judge_rows
from checks.preparing import text_row
from checks.roster import Roster, RosterError
from checks.scorer.labelled import Labelled, LabelledError, read_labelled
from checks.scorer.scorer import Scorer, ScorerError, default_scorer


@dataclass(frozen=True, slots=True)
class Answer:
    """An example and what the checks find in it, by clause."""

    example: Labelled
    found: dict[str, Finding]


def judge_labelled(
    examples: Sequence[Labelled], roster: Roster, scorer: Scorer | None, checks: Sequence[Check] | None = None
) -> list[Answer]:
    """What the checks (all of them where none are given) say of each example.

    Raises RuntimeError if a check cannot be run.
    """
    rows = as_rows(examples, roster)
    checks = checks or load_checks()
    judgement = judge_rows(rows, checks, roster, scorer)
    if troubles := judgement.troubles():
        raise RuntimeError(" ".join(troubles))
    titles = {check.id: check.about.title for check in checks}
    found: dict[str, dict[str, Finding]] = {str(number): {} for number in range(len(examples))}
    for frame in judgement.found.values():
        for one in as_findings(frame, titles):
            # What nobody has labelled it for is neither right nor wrong.
            if one.clause not in examples[int(one.item_id)].open:
                found[one.item_id][one.clause] = one
    return [Answer(example, found[str(number)]) for number, example in enumerate(examples)]


def as_rows(examples: Sequence[Labelled], roster: Roster) -> pd.DataFrame:
    """Examples as rows of `to_judge`; revision_id and item_id are the place in the list."""
    return pd.DataFrame(
        text_row(
            one.text,
            roster=roster,
            revision_id=number,
            item_id=str(number),
            platform=one.platform,
            kind=one.kind,
            author_name=one.author_name,
            author_handle=one.author_handle,
            author_role=one.author_role,
            parent_text=one.parent_text,
            rating=one.rating,
        )
        for number, one in enumerate(examples)
    )


def by_clause(answers: Sequence[Answer]) -> pd.DataFrame:
    """For each clause: how many are labelled and flagged, precision, recall and F1, with 95 % intervals of the two."""
    rows = []
    for clause in CLAUSES:
        labelled = sum(clause in one.example.labels for one in answers)
        flagged = sum(clause in one.found for one in answers)
        right = sum(clause in one.example.labels and clause in one.found for one in answers)
        rows.append(
            {
                "clause": clause,
                "labelled": labelled,
                "flagged": flagged,
                "precision": share(right, flagged),
                "": interval(right, flagged),
                "recall": share(right, labelled),
                " ": interval(right, labelled),
                "F1": share(2 * right, labelled + flagged),
            }
        )
    return pd.DataFrame(rows).set_index("clause")


def in_sum(answers: Sequence[Answer]) -> dict[str, str]:
    """The figures over all clauses, in words: what it is, and the value with its interval."""
    breaches = [one for one in answers if one.example.labels]
    innocent = [one for one in answers if not one.example.labels]
    told = [
        (one.found[clause], one.example.spans[clause])
        for one in breaches
        for clause in one.example.labels
        if clause in one.found and clause in one.example.spans
    ]
    overlapping = sum(flag.start_char < place[1] and place[0] < flag.end_char for flag, place in told)
    caught, rung = sum(bool(one.found) for one in breaches), sum(bool(one.found) for one in innocent)
    table = by_clause(answers)
    # A clause that is neither labelled nor flagged has no F1.
    counted = int(table.F1.notna().sum())
    over = "the clauses" if counted == len(CLAUSES) else f"{counted} of the {len(CLAUSES)} clauses"
    return {
        f"macro-F1 over {over}": f"{table.F1.mean():.3f}" if counted else "not known",
        "breaches that get at least one flag": share_in_words(caught, len(breaches)),
        "innocent items flagged at all": share_in_words(rung, len(innocent)),
        "evidence overlaps the labelled words": share_in_words(overlapping, len(told)),
    }


def share_in_words(part: int, whole: int) -> str:
    """The share that part is of whole, of how many that is, and its interval."""
    return f"{share(part, whole):.1%} of {whole:,} ({interval(part, whole)})" if whole else "not known"


def share(part: int, whole: int) -> float:
    """part of whole, or no number where there is no whole."""
    return part / whole if whole else math.nan


def interval(part: int, whole: int) -> str:
    """Wilson's 95 % interval of a share, in words."""
    if not whole:
        return "-"
    z, rate = 1.96, part / whole
    middle = (rate + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole))
    return f"{max(middle - half, 0):.2f}–{min(middle + half, 1):.2f}"


def wrong(answers: Sequence[Answer]) -> list[str]:
    """Each wrong answer in words: what was missed, and what was flagged for nothing."""
    said = []
    for one in answers:
        for clause in CLAUSES:
            flag = one.found.get(clause)
            if (flag is not None) == (clause in one.example.labels):
                continue
            what = f"false alarm ({flag.score:.2f}) on {flag.evidence!r}" if flag else f"missed: {one.example.why}"
            said.append(f"{clause} {one.example.id} {what}\n    {one.example.parent_text!r}\n    {one.example.text!r}")
    return said


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 2 and a sentence for a file that cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--roster", type=Path)
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        examples = read_labelled(asked.file)
        if asked.roster and not asked.roster.is_file():
            # Roster.load would name acto.toml, which has no part in this.
            raise RosterError(f"There is no roster at {asked.roster}: correct --roster.")
        answers = judge_labelled(examples, Roster.load(asked.roster), default_scorer())
    except (OSError, LabelledError, RosterError, ScorerError) as error:
        print(error, file=sys.stderr)
        return 2
    if asked.wrong:
        print("\n".join(wrong(answers)), end="\n\n")
    print(by_clause(answers).to_string(float_format="{:.2f}".format, na_rep="-"), end="\n\n")
    for what, value in in_sum(answers).items():
        print(f"{what}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
