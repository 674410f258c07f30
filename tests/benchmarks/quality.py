"""How well the checks judge, and how fast: every figure that they are held to, in one run.

The labelled examples are the development set: nothing was trained on them, but they were looked at. Nearly all comments of the
corpora are harmless, so that flags per 1,000 bound the false alarms from above.

    python -m tests.benchmarks.quality              all figures
    python -m tests.benchmarks.quality --wrong      each wrong answer too, and each flag on the corpora
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import duckdb
import pandas as pd

from checks.catalogue import CLAUSES, load_checks
from checks.preparing import prepare
from checks.quality import Answer, as_rows, by_clause, in_sum, judge_labelled, wrong
from checks.roster import Roster
from checks.runner import SLICE
from checks.scorer.inputs import Text
from checks.scorer.labelled import Labelled, read_labelled
from checks.scorer.scorer import default_scorer
from checks.suggesting import through_gates
from checks.validators import Validators
from connectors.files import read_file
from connectors.mapping import parse_mapping
from tests.checks.formats import recall_by_kind
from tests.conftest import SHARED
from warehouse.gate import gate

CORPORA = {
    "UK tweets": ("uk_tweets/*.json", ["platform==x", "id=id_str", "author_handle=user.screen_name"]),
    "YouTube comments": (
        "youtube_comments/*.csv",
        ["platform==youtube", "id=COMMENT_ID", "author_name=AUTHOR", "text=CONTENT", "created_at=DATE"],
    ),
    "NHS comments": (
        "nhs_comments/*.csv",
        ["platform==webpage", "id=Comment ID", "text=FFT answer", "created_at=Date"],
    ),
}
RATED = 200_000
T = TypeVar("T")


def corpus(folder: Path, name: str) -> list[Labelled]:
    """The comments of a corpus, as examples without labels."""
    pattern, mapping = CORPORA[name]
    items = [
        item
        for path in sorted(folder.glob(pattern))
        for page in read_file(path, parse_mapping(mapping))
        for item in page.items
    ]
    blank = Labelled("", "", "", "", "", "public", "", "", None, (), {}, "")
    return [
        replace(blank, id=item.id, platform=item.platform, kind=item.kind, text=item.text, rating=item.rating)
        for item in items
    ]


def quiet(answers: dict[str, list[Answer]]) -> pd.DataFrame:
    """Flags per 1,000 comments by clause and corpus."""
    return pd.DataFrame(
        {
            f"{name} ({len(each):,})": {
                clause: sum(clause in one.found for one in each) * 1000 / len(each) for clause in CLAUSES
            }
            | {"any": sum(bool(one.found) for one in each) * 1000 / len(each)}
            for name, each in answers.items()
        }
    )


def busy(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time that `work` takes, the least of three times, and what it gives."""
    taken, given = [], work()
    for _ in range(3):
        started = time.process_time()
        given = work()
        taken.append(time.process_time() - started)
    return min(taken), given


def speed(texts: Sequence[Labelled], roster: Roster) -> str:
    """Ordinary texts a second: through the gate and the validators and past the rules' gates (a second of processor time), and
    the scorer.
    """
    many = [one.text for one in texts] * (RATED // len(texts) + 1)
    frame = pd.DataFrame({"text": many[:RATED], "place": range(RATED)})
    with duckdb.connect(config={"threads": 1}) as connection:
        # In the history texts lie in DuckDB already.
        connection.register("texts", frame)
        connection.execute("CREATE TABLE given AS SELECT * FROM texts")
        query = f"SELECT place, {gate(connection, Validators(roster).gates)} AS to_validate FROM given"
        gated, passed = busy(lambda: connection.execute(query).df())
    places = passed.place[passed.to_validate]
    rows = as_rows([replace(texts[0], text=many[place]) for place in places], roster)
    slices = [rows[start : start + SLICE] for start in range(0, len(rows), SLICE)]
    validated, _ = busy(lambda: [prepare(one, roster) for one in slices])
    rows = as_rows(texts[:2000], roster).assign(to_validate=False)
    prepared, checks = prepare(rows, roster), load_checks()
    looked_at, _ = busy(lambda: through_gates(prepared, checks))
    started = time.perf_counter()
    given = [Text.of(row) for row in prepare(rows, roster).itertuples(index=False)]
    read = default_scorer().read(given, [False] * len(given))
    scored = time.perf_counter() - started
    on = sum(one.unsuspected is not None for one in read) / len(read)
    return (
        f"gate alone {RATED / gated:,.0f} texts a second of processor time, {len(places) / RATED:.0%} to the validators; with "
        f"these {RATED / (gated + validated):,.0f}; past the rules' gates {len(rows) / looked_at:,.0f}; "
        f"scorer {len(given) / scored:,.0f} texts a second, {on:.0%} of them read beyond the first glance"
    )


def main(arguments: Sequence[str]) -> None:
    """Print all figures."""
    if not SHARED.is_dir():
        sys.exit(
            "The labelled examples and the corpora are not here: they lie in a folder `shared` beside the checkout."
        )
    roster, scorer = Roster.load(SHARED / "policy" / "roster.csv"), default_scorer()
    answers = judge_labelled(read_labelled(SHARED / "policy" / "examples.jsonl"), roster, scorer)
    comments = {name: corpus(SHARED / "corpora", name) for name in CORPORA}
    flagged = {name: judge_labelled(each, roster, scorer) for name, each in comments.items()}
    if "--wrong" in arguments:
        print("\n".join(wrong(answers)), end="\n\n")
        for name, each in flagged.items():
            for one in (one for one in each if one.found):
                said = ", ".join(f"{clause} {flag.score:.2f} {flag.evidence!r}" for clause, flag in one.found.items())
                print(f"{name} {one.example.id} {said}\n    {one.example.text[:300]!r}")
    print(by_clause(answers).to_string(float_format="{:.2f}".format), end="\n\n")
    for what, value in in_sum(answers).items():
        print(f"{what}: {value}")
    print("\nFlags per 1,000")
    print(quiet(flagged).to_string(float_format="{:.1f}".format))
    print("\nRecall of formats, also disguised")
    print("  ".join(f"{kind} {share:.2f}" for kind, share in recall_by_kind().items()))
    print(f"\n{speed(comments['UK tweets'] + comments['YouTube comments'], roster)}")


if __name__ == "__main__":
    main(sys.argv[1:])
