"""The first glance: after one layer of the network, whether a text is worth reading on.

Most of what people write is plainly harmless, and one layer tells it from the rest for a sixth of the work. The glance need not
know why: it learns from the trained network's own answers which texts come near to a flag, and calibrate.py sets how little
is enough to read on, so that (nearly) nothing that would be flagged is lost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from checks.scorer.network import Network

# Layers that come before it.
LAYERS = 1
HIDDEN = 128
EPOCHS, BATCH, RATE = 30, 256, 2e-3
# A text that reads on for nothing costs time, one that does not may be a breach.
POSITIVE_WEIGHT = 3.0
# A labelled text is worth reading though the network overlooks it.
LABELLED = 0.5


class Glance(nn.Module):
    """From the first layer's answer to one logit: how much there is to be read on for."""

    middle: Tensor
    spread: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("middle", torch.zeros(3 * size))
        self.register_buffer("spread", torch.ones(3 * size))
        self.layers = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(3 * size, HIDDEN), nn.GELU(), nn.Dropout(0.2), nn.Linear(HIDDEN, 1)
        )

    def forward(self, hidden: Tensor, mask: Tensor, own: Tensor) -> Tensor:
        """Logits (batch,) for `hidden` (batch, tokens, size); `mask` and `own` as in Network."""
        return self.judge(summary(hidden, mask, own))

    def judge(self, seen: Tensor) -> Tensor:
        """Logits (batch,) for summaries."""
        return self.layers((seen - self.middle) / self.spread).squeeze(-1)


def first_layers(network: Network, ids: Tensor, marks: Tensor) -> Tensor:
    """The answer (batch, tokens, size) of the words and the first layers, for texts of which none is filled up."""
    hidden = network.encoder.embeddings(input_ids=ids, token_type_ids=marks)
    for layer in network.encoder.encoder.layer[:LAYERS]:
        hidden = layer(hidden)
    return hidden


def summary(hidden: Tensor, mask: Tensor, own: Tensor) -> Tensor:
    """The mean of all tokens, the most and the least of the text's own, (batch, 3 * size)."""
    everything, inside = mask.unsqueeze(-1).to(hidden.dtype), own.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * everything).sum(1) / everything.sum(1)
    # Outside the text far below, and far above: a text without words of its own comes out at the bounds.
    most = (hidden - 1e2 * (1 - inside)).amax(1).clamp(-1e2, 1e2)
    least = (hidden + 1e2 * (1 - inside)).amin(1).clamp(-1e2, 1e2)
    return torch.cat([mean, most, least], dim=1)


@torch.no_grad()
def seen_by(network: Network, batches: Iterable[dict[str, Tensor]]) -> tuple[Tensor, Tensor]:
    """What the glance is to learn from: summaries (texts, 3 * size), and how near each text comes to a flag (0 to 1)."""
    seen, near = [], []
    for given in batches:
        ids, mask, marks, own = (given[name] for name in ("ids", "mask", "marks", "own"))
        layers = network.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=marks, output_hidden_states=True
        ).hidden_states
        seen.append(summary(layers[LAYERS], mask, own))
        chances = torch.sigmoid(network.told(layers[-1], mask, own)[0]).amax(1)
        near.append(torch.maximum(chances, LABELLED * given["labels"].amax(1)))
    return torch.cat(seen), torch.cat(near)


def learn(seen: Tensor, near: Tensor) -> Glance:
    """The glance that tells from summaries how near their texts come to a flag."""
    glance = Glance(seen.shape[1] // 3)
    glance.middle.copy_(seen.mean(0))
    glance.spread.copy_(seen.std(0) + 1e-3)
    optimiser = torch.optim.AdamW(glance.layers.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * math.ceil(len(seen) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, cycle_momentum=False)
    wrong = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(POSITIVE_WEIGHT))
    for _ in range(EPOCHS):
        for some in torch.randperm(len(seen)).split(BATCH):
            loss = wrong(glance.judge(seen[some]), near[some])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return glance.eval()
