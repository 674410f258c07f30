"""The lists of a JSON file, entry by entry, in memory that does not grow with the file.

Exports are one list, an object of named lists, or JavaScript that gives a list a name. An entry is cut out by counting
brackets, so that a broken one costs itself and is kept with its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

CHUNK = 1024 * 1024
# What is longer is no entry of any platform: a bracket or a quote before it was never closed.
LONGEST = 8 * 1024 * 1024
DEEPEST = 10_000
# Up to the next bracket that stands outside a string. Possessive, so that nothing is tried twice.
STEP = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+[{}\[\]]', re.DOTALL)
NAME_OF_LIST = re.compile(rb'"((?:[^"\\]++|\\.)*+)"\s*+:\s*+\Z', re.DOTALL)
NO_OBJECT = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\s,"]++', re.DOTALL)


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A list begins; `name` is its key, or what JavaScript calls it; empty for a list without a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list `name`, as it stands in the file; they are numbered through the file from 1."""

    name: str
    number: int
    raw: bytes


class CutOff(Exception):
    """The file cannot be read on; the message says why, as the end of a sentence. `raw` is what was being read."""

    def __init__(self, why: str, raw: bytes) -> None:
        super().__init__(why)
        self.raw = raw


def read_lists(file: Readable) -> Iterator[Opened | Entry]:
    """The lists of a file and their entries: the list that it is, or those directly in the object that it is.

    Raises CutOff where the file ends within a list or an object, or an entry is longer than LONGEST bytes or nested more
    than DEEPEST deep.
    """
    held, at = b"", 0
    depth, inside, number, name = 0, 0, 0, ""
    begun: int | None = None
    while True:
        step = STEP.match(held, at)
        if step is None:
            kept_from = at if begun is None else begun
            if len(held) - kept_from > LONGEST:
                raise CutOff("there is an entry of more than 8 MB in it", held[kept_from : kept_from + CHUNK])
            if not (chunk := file.read(CHUNK)):
                if depth:
                    raise CutOff("it ends in the middle", held[kept_from : kept_from + CHUNK])
                return
            held, at, begun = held[kept_from:] + chunk, at - kept_from, None if begun is None else 0
            continue
        end = step.end()
        between, opens = held[at : end - 1], held[end - 1 : end] in b"[{"
        at = end
        if inside and depth == inside:
            for alone in NO_OBJECT.findall(between):
                number += 1
                yield Entry(name, number, alone)
        if opens:
            if inside and depth == inside:
                begun = end - 1
            elif not inside and depth <= 1 and held[end - 1 : end] == b"[":
                inside, name = depth + 1, _name(between, depth)
                yield Opened(name)
            depth += 1
            if depth > DEEPEST:
                raise CutOff("it is nested too deeply", held[begun or 0 : end][:CHUNK])
            continue
        depth = max(depth - 1, 0)
        if begun is not None and depth == inside:
            number += 1
            yield Entry(name, number, held[begun:end])
            begun = None
        elif depth < inside:
            inside = 0


def _name(between: bytes, depth: int) -> str:
    """The name of a list out of what stands before its bracket."""
    if depth:
        found = NAME_OF_LIST.search(between)
        return found[1].decode("utf-8", "replace") if found else ""
    return between.decode("utf-8", "replace").removeprefix("\ufeff").strip().removesuffix("=").strip()[:200]
