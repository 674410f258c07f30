"""Digits and e-mail addresses as they are meant: spelled digits, O for 0, numbers in pieces, [at] and [dot].

The second half of a text's plain form (reference "detection", 4.3): it reads what checks.plain_letters has given. What is
rewritten, and by what, say checks.disguised_numbers and checks.disguised_addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import takewhile

import re2

from checks import disguised_addresses, disguised_numbers
from checks.phrases import Signs
from checks.plain_letters import Normalised, folded

# What stands there as it is meant. It is given the match itself: found alone, without the letters beside it, a pattern may no
# longer match the same words.
Rewrite = Callable[[re2._Match], str]


def normalise(raw: str) -> Normalised:
    """`raw` in plain form, upper and lower case kept. Ordinary text comes back as it is."""
    plain = folded(raw)
    return rewritten(plain, _SIGNS.found_in(plain.text))


def rewritten(plain: Normalised, signs: Collection[int]) -> Normalised:
    """What `folded` has given, with digits and addresses that are spelled or taken apart as they are written: the second half.

    `signs` are those of DISGUISED, by their place, that are in it. Where nothing changes, `plain` itself comes back.
    """
    if not signs:
        return plain
    working = _Working(plain)
    for number, (pattern, rewrite) in enumerate(_STEPS):
        # What a step has changed may be for any later one, too.
        if number in signs or working.text is not plain.text:
            working.rewrite(pattern, rewrite)
    return Normalised(working.text, working.starts, working.ends) if working.text is not plain.text else plain


class _Working:
    """Characters of the text so far, each with the raw span that it came from."""

    def __init__(self, plain: Normalised) -> None:
        self.text = plain.text
        self.starts = plain.starts or list(range(len(plain.text)))
        self.ends = plain.ends or list(range(1, len(plain.text) + 1))

    def rewrite(self, pattern: re2._Regexp, plain: Rewrite) -> None:
        """Replace what `pattern` finds by its plain form; each new character stands for all of the part that is new."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for found in pattern.finditer(self.text):
            old, new = found.group(), plain(found)
            if new == old:
                continue
            before, after = _kept(old, new)
            start, end = found.start() + before, found.end() - after
            new = new[before : len(new) - after]
            text += [self.text[position:start], new]
            starts += self.starts[position:start] + [self.starts[start]] * len(new)
            ends += self.ends[position:start] + [self.ends[end - 1]] * len(new)
            position = end
        if position:
            self.text = "".join([*text, self.text[position:]])
            self.starts = starts + self.starts[position:]
            self.ends = ends + self.ends[position:]


def _kept(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share before and after what differs; of `old`, something differs always."""
    before = min(_alike(old, new), len(old) - 1)
    return before, _alike(old[before + 1 :][::-1], new[before:][::-1])


def _alike(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


# One after the other, each on what the former has left.
_STEPS: tuple[tuple[re2._Regexp, Rewrite], ...] = (*disguised_numbers.STEPS, *disguised_addresses.STEPS)
# What a step rewrites, its own pattern finds, or its sign: a text with none of them is plain already.
DISGUISED = tuple(disguised_numbers.SIGN.get(pattern, pattern.pattern) for pattern, _ in _STEPS)
_SIGNS = Signs(DISGUISED)
