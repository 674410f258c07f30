"""The gate's patterns, joined to few: each pattern is one more walk over every text there is.

All in one would not do: RE2 keeps what it has learned of a pattern in 8 MB, and where that is not enough starts afresh, fifty
times slower. Ways that begin where a word does are alive at few places of a text, those that begin anywhere at many, and those
that repeat (`\\w+`, `{0,3}`) at many at once: together they multiply what there is to learn (measured on 43,000 texts that are
all different: apart they take half the time). So each kind stays among itself.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

# Measured: shorter ones walk over ordinary texts more often, and longer ones learn anew with texts that are new.
CHARACTERS = 6_000
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_WRAPPED = re.compile(r"\(\?i?:(.*)\)", re.DOTALL)
_FLAGS = re.compile(r"\(\?[a-zA-Z\-]+\)")
_REPEATS = re.compile(r"\\[wd]|[+*{]")


@cache
def joined(*patterns: str) -> list[str]:
    """Few RE2 patterns for any case: a text matches one of them where it matches one of `patterns`, and only there."""
    groups: list[list[str]] = []
    ways = sorted(sorted({way for pattern in patterns for way in _ways(pattern)}), key=_kind)
    for _, alike in groupby(ways, key=_kind):
        groups.append([])
        for way in alike:
            if sum(map(len, groups[-1])) + len(way) > CHARACTERS:
                groups.append([])
            groups[-1].append(way)
    return ["|".join(group) for group in groups if group]


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
