"""The trained network as the files that judging runs: ONNX, its weights in eight bits.

Two files, so that reading can end after the first glance; each reads one text at a time, with nothing filled up and so no mask.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import onnx
import orjson
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from checks.catalogue import CLAUSES
from checks.scorer.glance import LAYERS, Glance, first_layers
from checks.scorer.network import Network
from checks.scorer.scorer import FILES


class First(nn.Module):
    """The words, the first layers and the glance."""

    def __init__(self, network: Network, glance: Glance) -> None:
        super().__init__()
        self.network, self.glance = network, glance

    def forward(self, ids: Tensor, marks: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """The first layers' answer (1, tokens, size), and the glance's logit (1)."""
        hidden = first_layers(self.network, ids, marks)
        return hidden, self.glance(hidden, torch.ones_like(ids), own)


class Rest(nn.Module):
    """The other layers and the heads."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, hidden: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (1, clauses) and (1, tokens, clauses) for the first layers' answer."""
        for layer in self.network.encoder.encoder.layer[LAYERS:]:
            hidden = layer(hidden)
        return self.network.told(hidden, torch.ones_like(own), own)


def export(network: Network, glance: Glance, tokenizer: Tokenizer, folder: Path) -> None:
    """Write first.onnx, rest.onnx, tokenizer.json and model.json (their SHA-256, the clauses, even weights) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.set_attn_implementation("eager")
    example = torch.ones(1, 16, dtype=torch.long)
    hidden = torch.ones(1, 16, network.encoder.config.hidden_size)
    marks = torch.zeros_like(example)
    _write(
        First(network, glance),
        {"ids": example, "marks": marks, "own": example},
        ["hidden", "glance"],
        folder / "first.onnx",
    )
    _write(Rest(network), {"hidden": hidden, "own": example}, ["logits", "telling"], folder / "rest.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    even = {"bias": 0.0, "scorer": 1.0, "rule": 0.0, "threshold": 0.5}
    card = {
        "sha256": digests,
        "clauses": list(CLAUSES),
        "glance": -1000.0,
        "enough": 0.001,
        "weights": dict.fromkeys(CLAUSES, even),
    }
    (folder / "model.json").write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2) + b"\n")


def _write(module: nn.Module, given: dict[str, Tensor], gives: list[str], path: Path) -> None:
    """The module as ONNX with its weights in eight bits; all that it takes and gives has any number of tokens."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            module.eval(),
            tuple(given.values()),
            str(whole),
            input_names=list(given),
            output_names=gives,
            dynamic_axes={name: {1: "tokens"} for name in (*given, "hidden", "telling") if name in (*given, *gives)},
            opset_version=17,
            dynamo=False,
        )
        # Seven bits: processors without VNNI add up pairs in sixteen, where eight overflow.
        quantize_dynamic(whole, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))
