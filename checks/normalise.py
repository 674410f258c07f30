"""Text as it was meant: disguised digits, e-mail addresses and letters in their plain form, with the way back.

Steps of reference "detection", 4.3: compatibility forms, invisible characters, spelled digits, O for 0, [at] and [dot].
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import re2

_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f\u20e3")
_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_WORD = (
    r"(?:(?:double|triple|treble)[\s,./-]+)?(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|[0-9]{1,6})"
)
_CASELESS = re2.Options()
_CASELESS.case_sensitive = False

_SPELLED = re2.compile(rf"\b{_WORD}(?:[\s,./-]{{1,3}}{_WORD}){{2,20}}\b", _CASELESS)
_LETTER_DIGITS = re2.compile(r"\b[0oO][0-9oOIl|]{9,12}\b")
_AT = re2.compile(r"\s?[(\[{<]\s?at\s?[)\]}>]\s?", _CASELESS)
_DOT = re2.compile(r"\s?[(\[{<]\s?dot\s?[)\]}>]\s?", _CASELESS)
_SPOKEN_ADDRESS = re2.compile(
    r"\b[a-z0-9._-]{2,40}(?:\s?@\s?|\sat\s)[a-z0-9-]{2,30}(?:(?:\.|\s\.\s|\sdot\s)[a-z]{2,8}){1,3}\b",
    _CASELESS,
)
_SPOKEN_DOT = re2.compile(r"\sdot\s", _CASELESS)
# Ordinary text has none of these: the fast way for nearly all comments.
_SUSPECT = re2.compile(
    r"[^\x00-\x7f]|[(\[{<]\s?(?:at|dot)\s?[)\]}>]|\sdot\s|\s@|@\s|\b[0oO][0-9oOIl|]{9,12}\b"
    rf"|\b{_WORD}(?:[\s,./-]{{1,3}}{_WORD}){{2}}",
    _CASELESS,
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` in plain form; `starts[i]` and `ends[i]` bound the raw characters that `text[i]` came from (None: same)."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text that the span of `text` came from."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(raw: str) -> Normalised:
    """`raw` in plain form, upper and lower case kept. Ordinary text comes back as it is."""
    if raw.isascii() and not _SUSPECT.search(raw):
        return Normalised(raw)
    working = _Working(raw)
    working.fold()
    working.rewrite(_SPELLED, _as_digits)
    working.rewrite(_LETTER_DIGITS, lambda found: found.translate(str.maketrans("oOIl|", "00111")))
    working.rewrite(_AT, lambda found: "@")
    working.rewrite(_DOT, lambda found: ".")
    working.rewrite(_SPOKEN_ADDRESS, _as_address)
    return working.done(raw)


class _Working:
    """Characters of the text so far, each with the raw span that it came from."""

    def __init__(self, raw: str) -> None:
        self.text = raw
        self.starts = list(range(len(raw)))
        self.ends = list(range(1, len(raw) + 1))

    def fold(self) -> None:
        """Compatibility forms (full width, styled letters) become plain, invisible characters go."""
        if self.text.isascii():
            return
        characters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for position, character in enumerate(self.text):
            if character in _INVISIBLE:
                continue
            plain = character if character.isascii() else unicodedata.normalize("NFKC", character)
            characters.append(plain)
            starts.extend([position] * len(plain))
            ends.extend([position + 1] * len(plain))
        self.text, self.starts, self.ends = "".join(characters), starts, ends

    def rewrite(self, pattern: re2._Regexp, plain: Callable[[str], str]) -> None:
        """Replace what `pattern` finds by its plain form; each new character stands for all that was found."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            new = plain(self.text[start:end])
            if new == self.text[start:end]:
                continue
            text += [self.text[position:start], new]
            starts += self.starts[position:start] + [self.starts[start]] * len(new)
            ends += self.ends[position:start] + [self.ends[end - 1]] * len(new)
            position = end
        if position:
            self.text = "".join([*text, self.text[position:]])
            self.starts = starts + self.starts[position:]
            self.ends = ends + self.ends[position:]

    def done(self, raw: str) -> Normalised:
        return Normalised(raw) if self.text == raw else Normalised(self.text, self.starts, self.ends)


def _as_digits(found: str) -> str:
    """Spelled digits as digits, where they are as many as a telephone number has; anything else as it is."""
    digits, times, spelled = "", 1, False
    words = re2.split(r"[\s,./-]+", found.lower())
    # "12/05/1980, one of the forms": a whole number, and a word that only stands beside it.
    inner = [at for at, word in enumerate(words) if word[:1].isdigit()]
    core = words[inner[0] : inner[-1] + 1] if inner else []
    if all(word[:1].isdigit() for word in core) and len("".join(core)) >= 8:
        return found
    for word in words:
        if word in _TIMES:
            times, spelled = _TIMES[word], True
            continue
        digit = _DIGITS.get(word)
        spelled = spelled or digit is not None
        digits += (digit or word[:1]) * times + ("" if digit else word[1:])
        times = 1
    return digits if spelled and len(digits) >= 9 else found


def _as_address(found: str) -> str:
    """A spoken e-mail address as it is written; talk of "somebody at work dot com" stays, for it has no such ending."""
    if "@" not in found and not _SPOKEN_DOT.search(found):
        return found
    plain = re2.sub(r"(?i)\s(?:at)\s", "@", found, count=1)
    return re2.sub(r"(?i)\s?(?:\.|\sdot\s)\s?", ".", re2.sub(r"\s?@\s?", "@", plain))
