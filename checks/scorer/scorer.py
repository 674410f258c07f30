"""The scorer: how likely a careful Chair would want a text flagged under each clause, and the words that carry it.

It runs the exported network on the processor alone, reads nothing but its own folder, and learns nothing from what it
judges. What it is, what it was trained on and what it cannot do: model/README.md.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import orjson
from tokenizers import Tokenizer

from checks.scorer.inputs import Text, Window, windows

MODEL = Path(__file__).parent / "model"
FILES = ("first.onnx", "rest.onnx", "tokenizer.json")
# The words around the most telling one belong to it as long as they tell half as much.
STILL_TELLING = 0.5
# What is said in danger, to a client or of somebody is said whatever it answers: under these clauses a text is read without
# that, too, and the surer reading counts. Nearly all that the network has seen of them answered something that fits.
ALONE = frozenset(["O1", "O3", "O4", "S1", "S2"])
# A danger weighs more than a false alarm: what is likely enough under these is flagged whatever the others come to.
BY_ITSELF = frozenset(["S1", "S2"])
# A part of a text that is read by itself must say it so much more plainly (a logit), for what stands around it might have cleared
# it; a danger less so. Measured on long texts by a writer of their own (b97): at 0 it flagged all breaches and a third of the
# near misses, at this nearly all and a fifth; read as a whole only, four fifths and a tenth.
OUT_OF_SETTING, DANGER_OUT_OF_SETTING = 1.0, 0.7
# The logit of what does not count: next to no chance.
NOTHING = -9.0
GAP = 3
Floats = npt.NDArray[np.float32]


class ScorerError(Exception):
    """The model's files are missing or damaged; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How the scorer's logit and a rule's score (0 to 1) make one probability, and from which on a text is flagged."""

    bias: float
    scorer: float
    rule: float
    threshold: float

    def probability(self, logit: float, rule: float) -> float:
        """How likely a careful Chair would want the text flagged."""
        return float(1 / (1 + np.exp(-(self.bias + self.scorer * logit + self.rule * rule))))


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scorer says of one text: by clause its logit, the chance by that alone, and how telling each word is."""

    logits: dict[str, float]
    chances: dict[str, float]
    read: dict[str, tuple[Window, Floats]]

    def evidence(self, clause: str) -> tuple[int, int] | None:
        """The words that carry it, as a span of the plain text; None for a text without words."""
        window, telling = self.read[clause]
        return _place(window, telling) if window.spans else None


@dataclass(frozen=True, slots=True)
class Read:
    """What the scorer says of a text for whoever suspects it already, `whole`, and for all others: nothing where a first glance
    shows it to be harmless. `whole` is None where nobody suspects it.
    """

    unsuspected: Scored | None
    whole: Scored | None


class Scorer:
    """The exported network, its tokenizer, and the weights by clause.

    `glance` is what the first glance must come to before an unsuspected text is read on. `enough` is what the chances of all
    clauses must come to together before a text is flagged under any: an innocent text often comes near to one clause, a
    breach seldom to one alone.
    """

    def __init__(self, folder: Path = MODEL) -> None:
        """Raises ScorerError where the files in `folder` cannot be used."""
        try:
            card = orjson.loads((folder / "model.json").read_bytes())
            first, rest, words = (_whole(folder / name, card) for name in FILES)
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 3
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._first, self._rest = (
                onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
                for network in (first, rest)
            )
            # It works outside Python's lock: as many texts at a time as there are cores.
            self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="scorer")
            self._tokenizer = Tokenizer.from_str(words.decode())
            self._clauses: list[str] = card["clauses"]
            self._alone = np.array([clause in ALONE for clause in self._clauses])
            self._dangers = np.array([clause in BY_ITSELF for clause in self._clauses])
            self.glance, self.enough = float(card["glance"]), float(card["enough"])
            self.weights = {clause: Weight(**weight) for clause, weight in card["weights"].items()}
        except ScorerError:
            raise
        except Exception as error:
            raise ScorerError(
                f"The scorer in {folder} cannot be loaded ({type(error).__name__}): install the program again."
            ) from None

    def enough_with(self, clause: str) -> float:
        """What the chances of all clauses must come to before a text is flagged under this one: nothing under a danger."""
        return 0.0 if clause in BY_ITSELF else self.enough

    def score(self, texts: Sequence[Text]) -> list[Scored]:
        """What is to be said of each text, in the order given; the same for a text whatever stands beside it."""
        return [read.whole for read in self.read(texts, [True] * len(texts)) if read.whole]

    def read(self, texts: Sequence[Text], suspected: Sequence[bool]) -> list[Read]:
        """As `score`, but a text that is not `suspected` is read no further than a first glance that shows it to be harmless."""
        # "Thanks!" and the spam of a night come many times.
        asked = list(zip(texts, suspected, strict=True))
        distinct = list(dict.fromkeys(asked))
        read = [
            [window for window in each if whole or not window.close]
            for each, (_, whole) in zip(self._windows([text for text, _ in distinct]), distinct, strict=True)
        ]
        given = [(window, whole) for each, (_, whole) in zip(read, distinct, strict=True) for window in each]
        said = iter(list(self._threads.map(self._run, *zip(*given, strict=True))) if given else [])
        answers = {
            one: self._read([(window, *told) for window in each if (told := next(said))], whole=one[1])
            for one, each in zip(distinct, read, strict=True)
        }
        return [answers[one] for one in asked]

    def _windows(self, texts: Sequence[Text]) -> list[list[Window]]:
        """The windows of each text, those of a text that answers something without what it answers, and those of a text with
        contacts without these, for a number to ring drowns why somebody is to ring. Measured on texts held out: of 300 dangers
        of which 89 % are found alone, with a contact behind them 75 % were found, now 82 %; of innocent texts 2 % are flagged
        with one, alone 3 %.
        """
        answering = [place for place, one in enumerate(texts) if one.parent]
        reachable = [place for place, one in enumerate(texts) if one.contacts]
        read = windows(texts, self._tokenizer)
        alone = windows([replace(texts[place], parent="") for place in answering], self._tokenizer)
        bare = windows([texts[place].without_contacts() for place in reachable], self._tokenizer)
        for place, each in zip(answering, alone, strict=True):
            read[place] += [replace(window, alone=True) for window in each]
        for place, each in zip(reachable, bare, strict=True):
            read[place] += [replace(window, bare=True) for window in each]
        return read

    def glances(self, texts: Sequence[Text]) -> list[float]:
        """What the first glance comes to at the most telling window of each text."""
        read = windows(texts, self._tokenizer)
        return [max(float(self._begin(window)[1]) for window in each) for each in read]

    def _run(self, window: Window, whole: bool) -> tuple[Floats, Floats, bool] | None:
        """Logits (clauses) of a window, how telling its own tokens are (tokens, clauses), and whether the first glance would
        have read on; None where it was not read on.

        One window at a time: the eight-bit scales are made for all that is read together, so that in a batch a text's
        score would depend on its neighbours (and it is hardly faster: measured).
        """
        hidden, glance, own = self._begin(window)
        if glance < self.glance and not whole:
            return None
        logits, telling = self._rest.run(["logits", "telling"], {"hidden": hidden, "own": own})
        return logits[0], telling[0, window.first : window.first + len(window.spans)], glance >= self.glance

    def _begin(self, window: Window) -> tuple[Floats, float, npt.NDArray[np.int64]]:
        """The first layers' answer, what the first glance comes to, and which tokens are the text's own."""
        ids, marks = np.array([window.ids], dtype=np.int64), np.array([window.marks], dtype=np.int64)
        own = np.zeros_like(ids)
        own[0, window.first : window.first + len(window.spans)] = 1
        hidden, glance = self._first.run(["hidden", "glance"], {"ids": ids, "marks": marks, "own": own})
        return hidden, float(glance[0]), own

    def _read(self, each: Sequence[tuple[Window, Floats, Floats, bool]], *, whole: bool) -> Read:
        """Of the windows of one text that were read to the end."""
        everything = [(window, logits, own) for window, logits, own, _ in each]
        worth_it = [(window, logits, own) for window, logits, own, worth_reading in each if worth_reading]
        return Read(self._scored(worth_it), self._scored(everything) if whole else None)

    def _scored(self, each: Sequence[tuple[Window, Floats, Floats]]) -> Scored | None:
        """For each clause what the surest of these windows says, as far as it counts there."""
        if not each:
            return None
        counting = np.array([self._counting(window, said) for window, said, _ in each])
        surest = counting.argmax(axis=0)
        chosen = list(zip(self._clauses, range(len(self._clauses)), [each[window] for window in surest], strict=True))
        logits = {clause: float(counting[surest[place], place]) for clause, place, _ in chosen}
        return Scored(
            logits,
            {clause: self.weights[clause].probability(logit, 0.0) for clause, logit in logits.items()},
            {clause: (window, own[:, place]) for clause, place, (window, _, own) in chosen},
        )

    def _counting(self, window: Window, said: Floats) -> Floats:
        """The logits of a window as far as they count: under some clauses only where it is read without its setting."""
        if window.close or window.bare:
            said = np.where(self._dangers, said - DANGER_OUT_OF_SETTING, NOTHING)
        elif window.part:
            said = said - OUT_OF_SETTING
        return np.where(self._alone, said, NOTHING) if window.alone else said


def _whole(file: Path, card: dict[str, Any]) -> bytes:
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != card["sha256"][file.name]:
        raise ScorerError(f"{file} is damaged: install the program again.")
    return content


@cache
def default_scorer() -> Scorer:
    """The scorer that comes with the program, loaded once. Raises ScorerError."""
    return Scorer()


def _place(window: Window, telling: Floats) -> tuple[int, int]:
    """The stretch of words around the most telling token."""
    told = 1 / (1 + np.exp(-telling))
    first = last = int(told.argmax())
    enough = told >= STILL_TELLING * told[first]
    for step in range(first - 1, -1, -1):
        if enough[step]:
            first = step
        elif first - step > GAP:
            break
    for step in range(last + 1, len(told)):
        if enough[step]:
            last = step
        elif step - last > GAP:
            break
    return window.spans[first][0], window.spans[last][1]
