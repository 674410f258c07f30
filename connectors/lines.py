"""The lines of a file as bytes, numbered, none of them larger than memory allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# A comment is at most some ten thousand characters on any platform; a longer line is not one.
LONGEST = 1024 * 1024
# What quarantine keeps of a line that is far too long.
KEPT = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `too_long` ones are cut at KEPT bytes."""

    number: int
    raw: bytes
    too_long: bool = False


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """The lines of `file`, numbered from 1, without a byte order mark and without line ends."""
    number = 0
    while chunk := file.readline(KEPT):
        number += 1
        raw = chunk
        while not chunk.endswith(b"\n") and (chunk := file.readline(KEPT)):
            # The rest of a line beyond KEPT bytes is passed over.
            pass
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        raw = raw.removesuffix(b"\n").removesuffix(b"\r")
        yield Line(number, raw, too_long=len(raw) > LONGEST)
