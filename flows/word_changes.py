"""Which words of a text were taken out and which were put in."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Finding what two texts share takes ever longer as they grow, and who writes them may mean them to (measured: a second).
MOST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Words:
    """Some words in a row: the `same` in both texts, `removed` or `added`."""

    how: Literal["same", "removed", "added"]
    text: str


def word_changes(before: str, after: str) -> list[Words]:
    """What becomes of the words of `before` in `after`, in the order of reading. Where far too much has changed to be
    compared word by word, all of it between the first and the last difference counts as removed and added.
    """
    old, new = before.split(), after.split()
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    parts: list[Words] = []

    def add(how: Literal["same", "removed", "added"], words: list[str]) -> None:
        if words:
            parts.append(Words(how, " ".join(words)))

    add("same", old[:start])
    if max(len(middle_old), len(middle_new)) > MOST_WORDS:
        add("removed", middle_old)
        add("added", middle_new)
    else:
        for what, a, b, c, d in SequenceMatcher(None, middle_old, middle_new).get_opcodes():
            if what == "equal":
                add("same", middle_old[a:b])
            else:
                add("removed", middle_old[a:b])
                add("added", middle_new[c:d])
    add("same", old[len(old) - end :])
    return parts


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    for number, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return number
    return min(len(one), len(other))
