"""The examples of a check: texts that it must and must not flag. `python -m checks.examples checks/<folder>` runs them."""

from __future__ import annotations

import sys
from pathlib import Path

from checks.catalogue import Check, load_check, load_checks
from checks.quality import Answer, judge_labelled
from checks.roster import Roster
from checks.scorer.labelled import Labelled, read_labelled
from checks.scorer.scorer import default_scorer

ROSTER = Path(__file__).parent.parent / "connectors" / "sandbox" / "roster.csv"


def read_examples(folder: Path) -> list[Labelled]:
    """The examples in a check's folder."""
    return read_labelled(folder / "examples.jsonl")


def judge_examples(check: Check, roster: Roster) -> list[Answer]:
    """What the check says of each example in its folder."""
    return judge_labelled(read_examples(check.folder), roster, default_scorer(), [check])


def wrong(answer: Answer, clause: str) -> str | None:
    """What is wrong with the answer to an example of a check of `clause`, or None."""
    example, found = answer.example, answer.found.get(clause)
    if (found is not None) != (clause in example.labels):
        return "missed" if found is None else f"false alarm on “{found.evidence}”: {found.reason}"
    if found and example.evidence.get(clause) and clause == example.labels[0]:
        if clause not in example.spans:
            return "its evidence is not in its text"
        start, end = example.spans[clause]
        if found.end_char <= start or found.start_char >= end:
            return f"found “{found.evidence}” instead of “{example.text[start:end]}”"
    return None


def main(folders: list[str]) -> int:
    """Print each wrong answer; 1 if there is any."""
    roster = Roster.load(ROSTER)
    checks = [load_check(Path(folder)) for folder in folders] or load_checks()
    count = 0
    for check in checks:
        answers = judge_examples(check, roster)
        misses = [(one.example, said) for one in answers if (said := wrong(one, check.about.clause))]
        count += len(misses)
        print(f"{check.id}: {len(answers)} examples, {len(misses)} wrong")
        for example, said in misses:
            print(f"  {example.id} {said}\n      {example.text[:200]}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
