"""What the scorer has once said of a text, said again without the network: most of a scan's time in the tests goes into the
same few hundred texts of the sandbox.

Nothing is made up. The network itself has said it, of the very same window of tokens, earlier in this session; what it says of
a window depends on nothing else (tests/checks/test_scorer.py). A warm process (tests.warm) knows what its earlier runs have
heard, and each run hands over what it has heard anew. What starts `acto` afresh asks the network.
"""

from __future__ import annotations

import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

from checks.scorer.scorer import Scorer

_heard: dict[tuple[Any, ...], Any] = {}
_anew: dict[tuple[Any, ...], Any] = {}


def remember() -> None:
    """From now on ask the network in this process only what it was never asked before."""
    ask = Scorer._run

    def remembered(scorer: Scorer, window: Any, whole: bool) -> Any:
        key = (tuple(window.ids), tuple(window.marks), window.first, len(window.spans), whole)
        if key not in _heard:
            _heard[key] = _anew[key] = ask(scorer, window, whole)
        return _heard[key]

    Scorer._run = remembered  # type: ignore[method-assign]


def hand_over(file: Path) -> None:
    """In a run that ends: leave what was heard anew."""
    if _anew:
        file.write_bytes(pickle.dumps(_anew))


def take_over(file: Path) -> None:
    """In the warm process: know what the last run has heard; one that was killed has left nothing, or half of it."""
    with suppress(FileNotFoundError, EOFError, pickle.UnpicklingError):
        _heard.update(pickle.loads(file.read_bytes()))  # noqa: S301 - written by our own child
    file.unlink(missing_ok=True)
