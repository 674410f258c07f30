"""Texts that nobody has seen, made of the examples: taken apart, put together otherwise, said by somebody else.

What they should be flagged for nobody knows; several networks together say it (distil.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from checks.phrases import sentences
from checks.scorer.labelled import Labelled

# Of each way of making an example another text.
CHANCE = 0.4
# Longer ones take long, and say little more.
LONGEST = 600


def variants(examples: Sequence[Labelled], count: int, chance: random.Random) -> list[Labelled]:
    """So many texts made of `examples`: nobody knows what they should be flagged for."""
    made: list[Labelled] = []
    while len(made) < count:
        one, other = chance.choice(examples), chance.choice(examples)
        for way in WAYS:
            if chance.random() < CHANCE:
                one = way(one, other, chance)
        made.append(replace(one, id=f"variant-{len(made)}", labels=(), evidence={}, spans={}, near=(), open=()))
    return made


def _elsewhere(one: Labelled, other: Labelled, _: random.Random) -> Labelled:
    return replace(
        one, platform=other.platform, kind=other.kind, author_role=other.author_role, author_name=other.author_name
    )


def _in_answer(one: Labelled, other: Labelled, _: random.Random) -> Labelled:
    return replace(one, parent_text=other.parent_text, colleagues=_both(one, other))


def _in_part(one: Labelled, _: Labelled, chance: random.Random) -> Labelled:
    spans = sentences(one.text)
    first, last = sorted(chance.choices(range(len(spans)), k=2))
    return replace(one, text=one.text[spans[first][0] : spans[last][1]].strip() or one.text)


def _together(one: Labelled, other: Labelled, chance: random.Random) -> Labelled:
    if len(one.text) + len(other.text) > LONGEST:
        return one
    return replace(one, text=chance.choice((" ", "\n")).join((one.text, other.text)), colleagues=_both(one, other))


def _both(one: Labelled, other: Labelled) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one.colleagues, *other.colleagues)))


WAYS: tuple[Callable[[Labelled, Labelled, random.Random], Labelled], ...] = (
    _elsewhere, _in_answer, _in_part, _together,
)  # fmt: skip
