"""Whether the examples can be told apart by something that is no meaning, whether any are there twice, and how far two readers
agree on them.

    python -m checks.scorer.artefacts

A feature that alone tells breaches from innocent texts (their length, capitals, digits …) would be learned in place of what
they say. For each the area under the curve is printed, and for what they tell together: 0.5 tells nothing, 1.0 or 0.0
everything. Near duplicates are pairs of texts that share most of their words in a row.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import re2

from checks.scorer.calibrate import regression
from checks.scorer.labelled import Labelled, read_all

FEATURES: dict[str, Callable[[Labelled], float]] = {
    "length": lambda one: len(one.text),
    "answers something": lambda one: bool(one.parent_text),
    "digits": lambda one: sum(letter.isdigit() for letter in one.text),
    "capitals": lambda one: sum(letter.isupper() for letter in one.text) / (len(one.text) or 1),
    "begins in lower case": lambda one: one.text[:1].islower(),
    "emoji": lambda one: any(ord(letter) > 0x2600 for letter in one.text),
    "ends with a stop": lambda one: one.text.rstrip().endswith((".", "!", "?")),
    "question": lambda one: "?" in one.text,
    "exclamation": lambda one: "!" in one.text,
    "names a colleague": lambda one: bool(one.colleagues),
    "by a member": lambda one: one.author_role == "member",
    "by ACTO": lambda one: one.author_role == "official",
    "first person": lambda one: bool(re2.search(r"(?i)\b(?:i|i'm|my|me|we|our)\b", one.text)),
    "the word client": lambda one: "client" in one.text.lower(),
    "the word WhatsApp": lambda one: "whatsapp" in one.text.lower(),
}
# From this share of its three-word runs in another text on, a text is there twice.
SAME = 0.6


def area(feature: Callable[[Labelled], float], examples: Sequence[Labelled]) -> float:
    """Area under the curve of a feature as a sign of a breach, ties counted half."""
    return _area(np.array([float(feature(one)) for one in examples]), _breaches(examples))


def together(examples: Sequence[Labelled]) -> float:
    """Area under the curve of all features together: weighed on every other batch, measured on the rest."""
    batches = sorted({one.batch for one in examples})
    weighed = np.array([one.batch in batches[::2] for one in examples])
    values = np.array([[float(feature(one)) for feature in FEATURES.values()] for one in examples])
    # Counts of hundreds beside yes and no.
    values = np.column_stack([np.ones(len(values)), np.log1p(values)])
    breach = _breaches(examples)
    said = values @ regression(values[weighed], breach[weighed].astype(float))
    return _area(said[~weighed], breach[~weighed])


def agreement(examples: Sequence[Labelled]) -> tuple[int, int, int]:
    """How many examples were read again, how many alike, and how many were dropped because the two readers differed: their
    numbers are missing in their batch.
    """
    again = [one for one in examples if one.agreed is not None]
    numbers: dict[str, list[int]] = defaultdict(list)
    for one in again:
        numbers[one.batch].append(int(one.id.rpartition("-")[2]))
    dropped = sum(max(each) - len(each) for each in numbers.values())
    return len(again), sum(bool(one.agreed) for one in again), dropped


def _breaches(examples: Sequence[Labelled]) -> npt.NDArray[np.bool_]:
    return np.array([bool(one.labels) for one in examples])


def _area(values: npt.NDArray[np.float64], breach: npt.NDArray[np.bool_]) -> float:
    distinct, place = np.unique(values, return_inverse=True)
    right = np.bincount(place, weights=breach, minlength=len(distinct))
    left = np.bincount(place, weights=~breach, minlength=len(distinct))
    below = np.concatenate([[0], np.cumsum(left)[:-1]])
    return float((right * (below + left / 2)).sum() / (right.sum() * left.sum()))


def near_duplicates(examples: Sequence[Labelled]) -> list[tuple[str, str]]:
    """Pairs of ids whose texts share most of their runs of three words, and answer the same."""
    runs = {one.id: _runs(one.text) for one in examples}
    parents = {one.id: one.parent_text for one in examples}
    holding = defaultdict(list)
    for name, own in runs.items():
        for run in own:
            holding[run].append(name)
    # What stands in many texts is a turn of phrase.
    shared = Counter(pair for names in holding.values() if len(names) <= 20 for pair in combinations(names, 2))
    return sorted(
        (first, second)
        for (first, second), count in shared.items()
        if count >= SAME * max(len(runs[first]), len(runs[second]))
        and _alike(_runs(parents[first]), _runs(parents[second]))
    )


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re2.findall(r"\w+", text.lower())
    return frozenset(tuple(words[start : start + 3]) for start in range(max(len(words) - 2, 0)))


def _alike(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> bool:
    return len(first & second) >= SAME * max(len(first), len(second))


def main() -> int:
    """Print what was found."""
    examples = read_all()
    print(f"{len(examples):,} examples, {sum(bool(one.labels) for one in examples):,} with a label")
    for name, feature in FEATURES.items():
        print(f"  {name:<22} {area(feature, examples):.2f}")
    print(f"  {'all of these together':<22} {together(examples):.2f}")
    again, alike, dropped = agreement(examples)
    print(f"{again:,} of them and {dropped} that were dropped were read again: {alike / (again + dropped):.1%} alike")
    print(f"{sum(bool(one.open) for one in examples):,} have a clause left open")
    for first, second in near_duplicates(examples):
        print(f"  twice: {first} {second}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
