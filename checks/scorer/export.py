"""The trained network as the file that judging runs: ONNX, its weights in eight bits."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import onnx
import orjson
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from checks.catalogue import CLAUSES
from checks.scorer.network import Network

INPUTS = ("ids", "mask", "marks", "own")


def export(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """Write scorer.onnx, tokenizer.json and model.json (their SHA-256, the clauses, even weights) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    network.encoder.set_attn_implementation("eager")
    example = torch.ones(2, 16, dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            network.eval(),
            (example, example, torch.zeros_like(example), example),
            str(whole),
            input_names=list(INPUTS),
            output_names=["logits", "telling"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in (*INPUTS, "telling")} | {"logits": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        # Seven bits: processors without VNNI add up pairs in sixteen, where eight overflow.
        quantize_dynamic(
            whole, folder / "scorer.onnx", per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
    onnx.checker.check_model(str(folder / "scorer.onnx"))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("scorer.onnx", "tokenizer.json")
    }
    even = {"bias": 0.0, "scorer": 1.0, "rule": 0.0, "threshold": 0.5}
    card = {"sha256": digests, "clauses": list(CLAUSES), "enough": 0.001, "weights": dict.fromkeys(CLAUSES, even)}
    (folder / "model.json").write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2) + b"\n")
