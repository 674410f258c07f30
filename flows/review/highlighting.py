"""What a check found, marked in the text as it was posted: from the first character of the finding to its last."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# These hold emoji and some scripts together; every other character that cannot be seen can only mislead.
_KEPT = "\n\t\u200c\u200d"
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands `before` what was `found`, that itself, and what comes `after`; all safe to show."""

    before: str
    found: str
    after: str


def marked(text: str, start: int, end: int, *, each_side: int | None = None) -> Marked:
    """`text` with its characters from `start` to `end` (exclusive) apart; with `each_side`, about so many around them."""
    before, found, after = text[: max(0, start)], text[max(0, start) : end], text[end:]
    if each_side is not None:
        before, after = _last(before, each_side), _first(after, each_side)
        found = found if len(found) <= 4 * each_side else found[: 4 * each_side] + "…"
    return Marked(visible(before), visible(found), visible(after))


def visible(text: str) -> str:
    """The text with each hidden character shown by its number: one that turns the reading order, say, as [U+202E]."""
    return "".join(
        char if char in _KEPT or unicodedata.category(char) not in _HIDDEN else f"[U+{ord(char):04X}]" for char in text
    )


def _last(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    cut = text[-longest:]
    return "…" + (cut[cut.index(" ") :] if " " in cut else cut)


def _first(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return (cut[: cut.rindex(" ")] if " " in cut else cut) + "…"
