"""One network that judges as several together do.

Networks trained alike, each from a seed of its own, are wrong about other texts: together they flag fewer innocent ones and miss
no more, but only one is small enough to come along. So one of them goes on learning: from the examples as before, and from what
all of them say of texts that none has seen (variants.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch

from checks.scorer.batches import Reader, Sample, batches, tensors
from checks.scorer.labelled import Labelled
from checks.scorer.network import Network


@torch.no_grad()
def judged_by(
    networks: Sequence[Network], texts: Sequence[Labelled], reader: Reader, chance: random.Random
) -> list[Sample]:
    """The texts as samples of which the labels, and how telling each word is, are what the networks say together (0 to 1)."""
    told: list[Sample] = []
    for batch in batches([reader.read(one) for one in texts], chance):
        given = tensors(batch)
        said = [network(given["ids"], given["mask"], given["marks"], given["own"]) for network in networks]
        labels, telling = (torch.sigmoid(torch.stack(each).mean(0)) for each in zip(*said, strict=True))
        for row, one in enumerate(batch):
            own = slice(one.window.first, one.window.first + len(one.window.spans))
            told.append(Sample(one.window, labels[row].tolist(), [1.0] * labels.shape[1], telling[row, own].tolist()))
    return told
