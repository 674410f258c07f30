"""How well the checks judge: precision and recall on the labelled examples, and flags per 1,000 real comments.

The examples were read while the checks were written, so that recall on new texts is lower than printed here. Nearly all
comments of the corpora are harmless: flags per 1,000 bound the false alarms from above.

    python -m tests.benchmarks.quality              the two tables
    python -m tests.benchmarks.quality O1 R2        and each wrong answer or flag for these clauses
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import orjson
import pandas as pd

from checks.catalogue import CLAUSES, Check, load_checks
from checks.examples import try_example
from checks.judging import judge_rows
from checks.roster import Roster
from connectors.files import read_file
from connectors.item import Item
from connectors.mapping import parse_mapping
from tests.conftest import SHARED

CORPORA = {
    "NHS comments": (
        "nhs_comments/*.csv",
        ["platform==webpage", "id=Comment ID", "text=FFT answer", "created_at=Date"],
    ),
    "YouTube comments": (
        "youtube_comments/*.csv",
        ["platform==youtube", "id=COMMENT_ID", "author_name=AUTHOR", "text=CONTENT", "created_at=DATE"],
    ),
    "UK tweets": ("uk_tweets/*.json", ["platform==x", "id=id_str", "author_handle=user.screen_name"]),
}


def judge_labelled(path: Path, checks: Sequence[Check], roster: Roster, shown: Sequence[str]) -> pd.DataFrame:
    """Precision and recall by clause on a file of labelled examples; wrong answers for the clauses in `shown`."""
    examples = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for example in examples:
        labels = set(example["labels"])
        flags = {finding.clause: finding for finding in try_example(example, list(checks), roster)}
        right.update(labels & flags.keys())
        found.update(flags.keys())
        labelled.update(labels)
        for clause in (labels ^ flags.keys()) & set(shown):
            said = f"false alarm on {flags[clause].evidence!r}" if clause in flags else "missed"
            print(f"{clause} {example['id']} {said}\n    {example['text'][:300]!r}")
    return pd.DataFrame(
        [
            {
                "clause": clause,
                "labelled": labelled[clause],
                "precision": right[clause] / found[clause] if found[clause] else None,
                "recall": right[clause] / labelled[clause] if labelled[clause] else None,
            }
            for clause in CLAUSES
        ]
    ).set_index("clause")


def flag_corpora(folder: Path, checks: Sequence[Check], roster: Roster, shown: Sequence[str]) -> pd.DataFrame:
    """Flags per 1,000 comments by clause and corpus; the flags for the clauses in `shown`."""
    columns = {}
    for name, (pattern, mapping) in CORPORA.items():
        paths = sorted(folder.glob(pattern))
        items = [item for path in paths for page in read_file(path, parse_mapping(mapping)) for item in page.items]
        found = pd.concat(list(judge_rows(_as_rows(items), checks, roster).found.values()))
        columns[f"{name} ({len(items):,})"] = found.clause.value_counts() * 1000 / len(items)
        for row in found[found.clause.isin(shown)].itertuples():
            print(f"{row.clause} {name} {row.item_id} {row.evidence!r}\n    {row.reason}")
    return pd.DataFrame(columns).reindex(list(CLAUSES)).fillna(0)


def _as_rows(items: Sequence[Item]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "revision_id": number,
                "item_id": item.id,
                "revision": 1,
                "platform": item.platform,
                "kind": item.kind,
                "author_name": item.author_name or "",
                "author_handle": item.author_handle or "",
                "author_role": "public",
                "author_member_id": None,
                "text": item.text,
                "parent_text": "",
                "rating": item.rating,
            }
            for number, item in enumerate(items)
        ]
    )


def main(clauses: Sequence[str]) -> None:
    """Print both tables."""
    if not SHARED.is_dir():
        sys.exit(
            "The labelled examples and the corpora are not here: they lie in a folder `shared` beside the checkout."
        )
    checks, policy = load_checks(), SHARED / "policy"
    roster = Roster.load(policy / "roster.csv")
    print(judge_labelled(policy / "examples.jsonl", checks, roster, clauses).to_string(float_format="{:.2f}".format))
    print("\nFlags per 1,000")
    print(flag_corpora(SHARED / "corpora", checks, roster, clauses).to_string(float_format="{:.2f}".format))


if __name__ == "__main__":
    main(sys.argv[1:])
