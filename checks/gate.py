"""Which checks' rules look at a text: told of all checks together, in few passes over it.

All patterns in one pass would not do: of a pattern RE2 learns what it needs from the texts that it sees. Ways that begin where a
word does are alive at few places of a text, those that begin anywhere at many, and those that repeat (`\\w+`, `{0,3}`) at many at
once: together they multiply what there is to learn. So each kind has a pass of its own (measured on 75,000 texts that are all
different, ten checks: 11 us a text; in one pass 57, each check in its own 29).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from checks.phrases import signs

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_WRAPPED = re.compile(r"\(\?i?:(.*)\)", re.DOTALL)
_FLAGS = re.compile(r"\(\?[a-zA-Z\-]+\)")
_REPEATS = re.compile(r"\\[wd]|[+*{]")


class Gate:
    """Which of some patterns match a text; upper and lower case are the same to them. One that is empty matches none."""

    def __init__(self, patterns: Sequence[str]) -> None:
        kinds: dict[tuple[bool, bool], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for number, pattern in enumerate(patterns):
            for way in _ways(pattern) if pattern else ():
                kinds[_kind(way)][number].append(way)
        self._passes = [(list(one), signs(*map("|".join, one.values()))) for one in kinds.values()]

    def found_in(self, text: str) -> set[int]:
        """Which of the patterns, by their place, match anywhere in `text`."""
        return {whose[place] for whose, ways in self._passes for place in ways.found_in(text)}


@cache
def gate(*patterns: str) -> Gate:
    """The gate of the `patterns`. Raises re2.error for one that RE2 does not take."""
    return Gate(patterns)


def _kind(way: str) -> tuple[bool, bool]:
    """Whether a way repeats, and whether it begins anywhere rather than where a word does; of those that repeat all are alike."""
    repeats = bool(_REPEATS.search(way))
    return repeats, not repeats and not way.startswith(r"\b")


def _ways(pattern: str) -> list[str]:
    """The alternatives that `pattern` is made of, each as small as it can be."""
    # A flag within, "(?s)", holds for all that comes after it.
    if _FLAGS.search(pattern):
        return [f"(?:{pattern})"]
    ways, depth, closed = [""], 0, 0
    for piece in _PIECE.findall(pattern):
        if piece == "|" and not depth:
            ways.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        closed += piece == ")" and not depth
        ways[-1] += piece
    if len(ways) > 1:
        return [part for way in ways for part in _ways(way)]
    wrapped = _WRAPPED.fullmatch(pattern) if closed == 1 else None
    return _ways(wrapped[1]) if wrapped else ways
