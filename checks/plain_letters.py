"""Letters made plain: compatibility forms, letters that look like ours, invisible characters, with the way back to the raw text.

The first half of a text's plain form (reference "detection", 4.3); the second is checks.disguises.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f\u20e3"
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
# Letters of Cyrillic and Greek that look like ours; beside ours in one word they are a disguise.
LOOKALIKES = "асԁеһіјкӏморԛѕтѵԝхуАВСЕНІЈКМОРЅТХУαγικνορτυχΑΒΕΗΙΚΜΝΟΡΤΥΧΖ"
AS_OURS = str.maketrans(LOOKALIKES, "acdehijklmopqstvwxyABCEHIJKMOPSTXYayikvoptuxABEHIKMNOPTYXZ")
_ANY_LOOKALIKE = re.compile(f"[{LOOKALIKES}]")
_LETTERS = re.compile(r"[^\W\d_]+")
OUR_LETTER = re.compile("[A-Za-z]")


class Normalised(NamedTuple):
    """`text` in plain form; `starts[i]` and `ends[i]` bound the raw characters that `text[i]` came from (None: those
    at the same place)."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text that the span of `text` came from."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def folded(raw: str) -> Normalised:
    """`raw` with compatibility forms (full width, styled letters) and letters that look like ours plain, and without invisible
    characters: the first half of its plain form.
    """
    # Neither what is cut off at the end nor a blank for a blank moves anything; each part of a text in normal form is in it.
    text = raw.rstrip(_INVISIBLE).replace("\xa0", " ")
    if not text.isascii() and _ANY_LOOKALIKE.search(text):
        text = _LETTERS.sub(_in_our_letters, text)
    if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _ANY_INVISIBLE.search(text)):
        return Normalised(text)
    forms = {one: "" if one in _INVISIBLE else unicodedata.normalize("NFKC", one) for one in set(text) if one > "\x7f"}
    others = {one: plain for one, plain in forms.items() if plain != one}
    if all(len(plain) == 1 for plain in others.values()):
        return Normalised(text.translate({ord(one): plain for one, plain in others.items()}))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for place, one in enumerate(text):
        if one not in others:
            continue
        plain = others[one]
        parts += [text[at:place], plain]
        starts += [*range(at, place), *[place] * len(plain)]
        ends += [*range(at + 1, place + 1), *[place + 1] * len(plain)]
        at = place + 1
    return Normalised(
        "".join([*parts, text[at:]]), [*starts, *range(at, len(text))], [*ends, *range(at + 1, len(text) + 1)]
    )


def _in_our_letters(word: re.Match[str]) -> str:
    """A word with letters of ours in letters of ours: one for one, so that nothing moves."""
    said = word.group()
    return said.translate(AS_OURS) if OUR_LETTER.search(said) else said
