"""Numbers that are spelled, taken apart or written with letters: what finds them, and what they are as digits."""

from __future__ import annotations

import re2

from checks.phrases import any_case
from checks.plain_letters import OUR_LETTER

_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "hundred": "00",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_BESIDE = frozenset(["", "and", "then"])
DIGIT_WORDS = "zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|hundred"
TIMES_WORDS = "double|triple|treble"
_DIGIT = rf"(?:{DIGIT_WORDS})"
_SAID_TIMES = rf"(?:{TIMES_WORDS})[\s,./-]+"
_WORD = rf"(?:{_SAID_TIMES})?(?:{_DIGIT}|[0-9]{{1,6}})"
_NEXT = r"[\s,./-]{1,3}(?:(?:and\s)?then\s)?"
_NEXT_WORD = rf"{_NEXT}{_WORD}"
_SPELLED = any_case(rf"\b(?:plus[\s,]{{1,2}})?{_WORD}(?:{_NEXT_WORD}){{2,20}}\b")
# Its sign, for "2.124.821.694 views" and dates have its form too: a word that says a digit, and a digit beside it.
_SAID = rf"(?:{_SAID_TIMES}(?:{_DIGIT}|[0-9]{{1,6}})|{_DIGIT})"
_SAID_BESIDE = rf"\b(?:{_SAID}{_NEXT_WORD}|{_WORD}{_NEXT}{_SAID}\b)"
# Numbers that are shorter than a telephone number, where the words before them say what they are.
_SPELLED_HERE = any_case(
    rf"\b(?:(?:sort ?code|acc(?:oun)?t|n\.?i|insurance)(?:\s(?:no\.?|number))?(?:\sis)?[\s:,-]{{1,3}}(?:[a-z]{{2}}\s)?)"
    rf"({_WORD}(?:{_NEXT_WORD}){{2,20}})\b"
)
# "07700 then 900 then 123", "07700, 900, 123"
_IN_PIECES = r"\d{2,4}(?:(?:,\s?|,?\s(?:and\s)?then\s)\d{2,6}){1,4}\b"
_PIECES = any_case(rf"(?:\+44\s?|\b0){_IN_PIECES}")
# Its sign, for "1,700,000,000 views" has its form too.
_PIECES_BEGIN = rf"(?:\+44\s?|(?:^|[^\w,.]|(?:^|[^0-9])[,.])0){_IN_PIECES}"
_LETTER_DIGITS = re2.compile(r"(?:\+44|\b[0oO])(?:[ .-]?[0-9oOIl|]){9,10}\b")


def _as_digits(match: re2._Match) -> str:
    """Spelled digits as digits, where they are as many as a telephone number has; anything else as it is."""
    found = match.group()
    if not OUR_LETTER.search(found):
        return found
    before, words = "", [word for word in re2.split(r"[\s,./-]+", found.lower()) if word not in _BESIDE]
    if words[0] == "plus":
        before, words = found[: len("plus ")], words[1:]
    digits, spelled = _digits_of(words)
    if before and digits.startswith("44"):
        before = "+"
    # "12/05/1980, one of the forms": a whole number, and a word that only stands beside it.
    inner = [at for at, word in enumerate(words) if word[:1].isdigit()]
    core = words[inner[0] : inner[-1] + 1] if inner else []
    beside = all(word[:1].isdigit() for word in core) and len("".join(core)) >= 8
    # "oh 7700 900123", "07700 900 one two three"
    begins = re2.match("0[0-9]{2}", words[0]) or (_DIGITS.get(words[0]) == "0" and words[1:] == core)
    beside = beside and not (begins and len(digits) in (10, 11))
    return before + digits if spelled and len(digits) >= 9 and not beside else found


def _as_short_number(match: re2._Match) -> str:
    """The same for what has six or eight digits, and the words before it as they are."""
    found, number = match.group(), match.group(1)
    words = [word for word in re2.split(r"[\s,./-]+", number.lower()) if word not in _BESIDE]
    digits, spelled = _digits_of(words)
    return found.removesuffix(number) + digits if spelled and len(digits) in (6, 8) else found


def _digits_of(words: list[str]) -> tuple[str, bool]:
    """The digits that `words` say, and whether any of them is a word indeed."""
    digits, times, spelled = "", 1, False
    for word in words:
        if word in _TIMES:
            times, spelled = _TIMES[word], True
            continue
        digit = _DIGITS.get(word)
        spelled = spelled or digit is not None
        digits += (digit or word[:1]) * times + ("" if digit else word[1:])
        times = 1
    return digits, spelled


def _as_one_number(match: re2._Match) -> str:
    """Pieces of one telephone number side by side; a list of other numbers as it is."""
    found = match.group()
    pieces = re2.split(r"[^0-9+]+", found)
    return " ".join(pieces) if 10 <= sum(map(len, pieces)) <= 13 else found


def _with_digits(match: re2._Match) -> str:
    """O for 0 and l for 1, where most are digits already."""
    found = match.group()
    return found.translate(str.maketrans("oOIl|", "00111")) if sum(map(str.isdigit, found)) >= 4 else found


STEPS = (
    (_SPELLED, _as_digits),
    (_SPELLED_HERE, _as_short_number),
    (_PIECES, _as_one_number),
    (_LETTER_DIGITS, _with_digits),
)
# What tells that a step has something to rewrite, where its own pattern is no sign of that.
SIGN = {_SPELLED: _SAID_BESIDE, _PIECES: _PIECES_BEGIN}
