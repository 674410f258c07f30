"""The scorer's network: a small sentence encoder, a head that finds the telling words, and one that judges by them.

Only training and export need it, and with it PyTorch; judging runs the exported file.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

from checks.catalogue import CLAUSES
from checks.scorer.inputs import MARKS, PLAIN

# Words and the lowest layers stay as they are: less to compute, and less that a few thousand examples could spoil.
FROZEN = 2


class Network(nn.Module):
    """From tokens to one logit a clause for the text, and one a clause and token for the words that carry it."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        size, clauses = encoder.config.hidden_size, len(CLAUSES)
        self.telling = nn.Linear(size, clauses)
        self.dropout = nn.Dropout(0.1)
        self.setting = nn.Linear(2 * size, clauses)
        self.carried = nn.Parameter(torch.zeros(clauses, size))

    @classmethod
    def pretrained(cls, folder: Path) -> Network:
        """The network on the encoder in `folder`, its heads untrained."""
        encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        kinds = encoder.embeddings.token_type_embeddings.weight.data
        wider = nn.Embedding(MARKS, encoder.config.hidden_size)
        wider.weight.data = kinds[PLAIN].repeat(MARKS, 1)
        encoder.embeddings.token_type_embeddings = wider
        encoder.config.type_vocab_size = MARKS
        encoder.embeddings.word_embeddings.requires_grad_(False)
        for layer in encoder.encoder.layer[:FROZEN]:
            layer.requires_grad_(False)
        return cls(encoder)

    def forward(self, ids: Tensor, mask: Tensor, marks: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, clauses) and (batch, tokens, clauses).

        `ids`, `mask`, `marks` and `own` are (batch, tokens); `mask` is 0 on padding, `own` is 1 on the text's own tokens.
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=marks).last_hidden_state
        return self.told(hidden, mask, own)

    def told(self, hidden: Tensor, mask: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """What the heads make of the last layer's answer, `hidden` (batch, tokens, size)."""
        telling = self.telling(hidden)
        inside = own.unsqueeze(-1).to(hidden.dtype)
        attention = torch.softmax(telling - 1e4 * (1 - inside), dim=1)
        carried = self.dropout(attention.transpose(1, 2) @ hidden)
        everything = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * everything).sum(1) / everything.sum(1)
        setting = self.setting(self.dropout(torch.cat([hidden[:, 0], mean], dim=1)))
        return setting + (carried * self.carried).sum(-1), telling
