"""How far training has come, in a file for each network: whoever begins it again goes on after the last whole epoch."""

from __future__ import annotations

import hashlib
import pickle
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from checks.scorer.labelled import Labelled
from warehouse.files import put_in_place


class Part(Protocol):
    """What changes in training: a network, a mean of networks, an optimiser, a schedule."""

    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: dict[str, Any], /) -> object: ...


def beginning(examples: Sequence[Labelled], chance: random.Random) -> str:
    """A digest of all that the outcome follows from: the examples, the seed in `chance`, the code, which also holds the recipe
    and which encoder and everyday talk are read, and what computes it. Another one's progress is of no use.
    """
    digest = hashlib.sha256(repr((examples, chance.getstate(), torch.__version__, torch.cuda.device_count())).encode())
    here = Path(__file__).parent
    for file in [*sorted(here.parent.glob("*.py")), *sorted(here.glob("*.py"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """Keeps at `path` how far a training has come that began with `beginning`."""

    path: Path
    beginning: str

    def keep(self, epochs: int, parts: Mapping[str, Part], chance: random.Random) -> None:
        """Keep that so many epochs are done, the parts, and all state of chance."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        state = {name: part.state_dict() for name, part in parts.items()}
        drawn = {"chance": chance.getstate(), "torch": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all()}
        torch.save({"beginning": self.beginning, "epochs": epochs, "parts": state, **drawn}, fresh)
        put_in_place(fresh, self.path)

    def restore(self, parts: Mapping[str, Part], chance: random.Random) -> int:
        """How many epochs are done; the parts and chance are then as they were after them. Says so, and why what is kept is
        not used.
        """
        if not self.path.exists():
            return 0
        try:
            kept = torch.load(self.path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
            print(f"{self.path} cannot be read: this network is trained anew.", flush=True)
            return 0
        if kept["beginning"] != self.beginning:
            print(f"{self.path} is of other examples or another recipe: this network is trained anew.", flush=True)
            return 0
        for name, part in parts.items():
            part.load_state_dict(kept["parts"][name])
        chance.setstate(kept["chance"])
        torch.set_rng_state(kept["torch"])
        torch.cuda.set_rng_state_all(kept["cuda"])
        print(f"Going on after epoch {kept['epochs']}, from {self.path}.", flush=True)
        return int(kept["epochs"])
