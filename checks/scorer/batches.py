"""Examples as the network reads them in training: samples, and batches of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from checks.catalogue import CLAUSES
from checks.disguises import normalise
from checks.entities import find_entities
from checks.plain_letters import Normalised
from checks.published import Published
from checks.scorer.inputs import Text, Window, contact_places, windows
from checks.scorer.labelled import Labelled

BATCH = 32
# A text has one or two of the ten labels: without weight the network would rather say nothing.
POSITIVE_WEIGHT = 2.0
# A colleague is not always in the roster: the network must know one without the mark too.
UNMARKED = 0.4
# A parent comes with its author's name in front from some files, without from others.
BARE_PARENT = 0.3


@dataclass(frozen=True, slots=True)
class Sample:
    """What the network reads of a text, and what should come out: by clause a label (0 to 1) and its weight, and the same
    labels for each of the text's own tokens, `telling` (tokens, clauses).
    """

    window: Window
    labels: list[float]
    weights: list[float]
    telling: list[list[float]]

    def __len__(self) -> int:
        return len(self.window.ids)


def as_sample(example: Labelled, text: Text, plain: Normalised, tokenizer: Tokenizer) -> Sample:
    """The window of an example that holds its evidence; clauses that nobody has labelled it for have no weight."""
    window = _with_evidence(windows([text], tokenizer)[0], example, plain)
    return Sample(
        window,
        [float(clause in example.labels) for clause in CLAUSES],
        [0.0 if clause in example.open else POSITIVE_WEIGHT if clause in example.labels else 1.0 for clause in CLAUSES],
        [[float(_touches(span, example.spans.get(clause), plain)) for clause in CLAUSES] for span in window.spans],
    )


def as_text(example: Labelled, *, marked: bool = True) -> tuple[Text, Normalised]:
    """An example as it comes out of preparation in judging, its colleagues known where `marked`."""
    plain = normalise(example.text)
    entities = [one.as_row() for one in find_entities(plain.text, Published())]
    colleagues = []
    for name in example.colleagues if marked else ():
        start = plain.text.find(name)
        while start >= 0:
            colleagues.append((start, start + len(name)))
            start = plain.text.find(name, start + 1)
    return (
        Text(
            text=plain.text,
            parent=example.parent_text,
            platform=example.platform,
            kind=example.kind,
            role=example.author_role,
            colleagues=tuple(colleagues),
            contacts=contact_places(entities, published=False),
            published=contact_places(entities, published=True),
        ),
        plain,
    )


class Reader:
    """Reads examples as the network does, each time a little otherwise; what was read once is kept."""

    def __init__(self, tokenizer: Tokenizer, chance: random.Random) -> None:
        self._tokenizer = tokenizer
        self._chance = chance
        self._read: dict[tuple[str, bool, bool], Sample] = {}

    def read(self, example: Labelled) -> Sample:
        """The example as it might just as well have come: its colleagues known or not, the author's name before the parent
        or not.
        """
        marked, bare = self._chance.random() > UNMARKED, self._chance.random() < BARE_PARENT
        if (example.id, marked, bare) not in self._read:
            taken = without_parents_author(example) if bare else example
            text, plain = as_text(taken, marked=marked)
            self._read[example.id, marked, bare] = as_sample(taken, text, plain, self._tokenizer)
        return self._read[example.id, marked, bare]


def without_parents_author(example: Labelled) -> Labelled:
    """The example whose parent does not begin with the name of who wrote it."""
    name, colon, rest = example.parent_text.partition(": ")
    return replace(example, parent_text=rest) if colon and rest and len(name.split()) <= 4 else example


def batches(given: Sequence[Sample], chance: random.Random) -> Iterator[list[Sample]]:
    """Batches of samples of like length, in random order."""
    ordered = sorted(given, key=lambda one: len(one) * chance.uniform(0.95, 1.05))
    cut = [list(ordered[start : start + BATCH]) for start in range(0, len(ordered), BATCH)]
    chance.shuffle(cut)
    yield from cut


def tensors(batch: Sequence[Sample]) -> dict[str, Tensor]:
    """The inputs of the network for a batch, and what it should give: `labels`, their `weights`, and `telling`."""
    longest = max(len(one) for one in batch)
    shape = (len(batch), longest)
    made = {name: np.zeros(shape, dtype=np.int64) for name in ("ids", "mask", "marks", "own")}
    telling = np.zeros((*shape, len(CLAUSES)), dtype=np.float32)
    for row, one in enumerate(batch):
        window, own = one.window, slice(one.window.first, one.window.first + len(one.window.spans))
        made["ids"][row, : len(window.ids)] = window.ids
        made["mask"][row, : len(window.ids)] = 1
        made["marks"][row, : len(window.ids)] = window.marks
        made["own"][row, own] = 1
        if one.telling:
            telling[row, own] = one.telling
    labels, weights = (
        np.array(each, dtype=np.float32) for each in zip(*[(one.labels, one.weights) for one in batch], strict=True)
    )
    everything = made | {"labels": labels, "weights": weights, "telling": telling}
    return {name: torch.from_numpy(array) for name, array in everything.items()}


def _with_evidence(read: Sequence[Window], example: Labelled, plain: Normalised) -> Window:
    places = list(example.spans.values())
    return max(read, key=lambda one: sum(_touches(span, place, plain) for place in places for span in one.spans))


def _touches(span: tuple[int, int], place: tuple[int, int] | None, plain: Normalised) -> bool:
    if place is None or span[0] >= span[1]:
        return False
    start, end = plain.to_raw(*span)
    return start < place[1] and place[0] < end
