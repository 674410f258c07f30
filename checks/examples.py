"""The examples of a check: texts that it must and must not flag. `python -m checks.examples checks/<folder>` runs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from checks.catalogue import Check, load_check, load_checks
from checks.judging import Finding, judge_text
from checks.roster import Roster
from checks.scorer.scorer import default_scorer

ROSTER = Path(__file__).parent.parent / "connectors" / "sandbox" / "roster.csv"


def read_examples(folder: Path) -> list[dict[str, Any]]:
    """The examples in a check's folder."""
    return [orjson.loads(line) for line in (folder / "examples.jsonl").read_bytes().splitlines() if line.strip()]


def try_example(example: dict[str, Any], checks: list[Check], roster: Roster) -> list[Finding]:
    """What the checks find in an example."""
    return judge_text(
        example["text"],
        roster=roster,
        checks=checks,
        platform=example["platform"],
        kind=example["kind"],
        author_name=example["author_name"],
        author_handle=example["author_handle"],
        author_role=example["author_role"],
        parent_text=example["parent_text"] or "",
        rating=example["rating"],
        scorer=default_scorer(),
    )


def wrong(example: dict[str, Any], check: Check, roster: Roster) -> str | None:
    """What is wrong with the check's answer to an example, or None."""
    found = try_example(example, [check], roster)
    expected = check.about.clause in example["labels"]
    if bool(found) != expected:
        return "missed" if expected else f"false alarm on “{found[0].evidence}”: {found[0].reason}"
    if found and expected and example["evidence"] and check.about.clause == example["labels"][0]:
        start = example["text"].find(example["evidence"])
        if start < 0:
            return "its evidence is not in its text"
        if found[0].end_char <= start or found[0].start_char >= start + len(example["evidence"]):
            return f"found “{found[0].evidence}” instead of “{example['evidence']}”"
    return None


def main(folders: list[str]) -> int:
    """Print each wrong answer; 1 if there is any."""
    roster = Roster.load(ROSTER)
    checks = [load_check(Path(folder)) for folder in folders] or load_checks()
    count = 0
    for check in checks:
        examples = read_examples(check.folder)
        misses = [(example, said) for example in examples if (said := wrong(example, check, roster))]
        count += len(misses)
        print(f"{check.id}: {len(examples)} examples, {len(misses)} wrong")
        for example, said in misses:
            print(f"  {example['id']} {said}\n      {example['text'][:200]}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
