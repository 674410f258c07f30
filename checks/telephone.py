"""Telephone numbers: where one stands in a text, how far it goes, whether it can be dialled, and its plain digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
import re2

from checks.formats import APART, NUMBER
from checks.phrases import any_case

# Ofcom's numbers for fiction, valid nowhere else, and used by every example and by the demo.
FICTION = ("07700900", "01632960", "02079460")
_PHONE = re2.compile(rf"{NUMBER}(?:{APART}\d){{0,5}}")
# The characters of NUMBER: +44 with a blank in it, and nine digits with three signs before each.
LONGEST_NUMBER = 40
# In the middle of digits no number begins, and long ones are in many links. It cannot go back over a text, and is met often:
# Python's own module gives its places several times faster.
_BEGINS = re.compile(r"(?:^|[^0-9])(\+\s?44|0)", re.ASCII)
# A word may run into a number, "on07700 ..."; "ORD07700..." and "1.07700" are others.
_RUNS_INTO = any_case(
    r"(?:^|[^a-z0-9£$€#]|\b(?:me|on|is|at|no|num|number|mob|mobile|tel|phone|ph|call|text|txt|ring|cell|whatsapp))$"
)
_GOES_ON = re2.compile(r"\d[.,:\-]$")
_SHARE = re2.compile(r"^0\.\d\d")
_NO_PHONE_WORD = any_case(
    r"(?:\b(?:order|invoice|tracking|parcel|booking|ticket|serial|item|product|policy|case|customer|receipt|isbn)"
    r" ?(?:no\.?|num|number|id|code|ref(?:erence)?|#)|\bref(?:erence)?(?: no\.?| number)?|\bisbn)\W{0,3}(?:is |was )?#?$"
)


def numbers_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where telephone numbers stand in `text`, start and end, each as digits_in gives it; what the words before it say is the
    number of something else is none.
    """
    last = 0
    for begun in _BEGINS.finditer(text):
        start = begun.start(1)
        if start < last or sum(map(str.isdigit, text[start : start + LONGEST_NUMBER])) < 10:
            continue
        found, before = _PHONE.match(text[start : start + 64]), text[max(0, start - 40) : start]
        if not found or not _RUNS_INTO.search(before[-12:]) or (start > last and _GOES_ON.search(before)):
            continue
        number, length = ("", 0) if _SHARE.search(found.group()) else _number_in(found.group())
        if number:
            last = start + length
            if not _NO_PHONE_WORD.search(before):
                yield start, last, number


def digits_in(text: str) -> str:
    """The digits of `text`; of a telephone number with the country's code, as it is dialled here."""
    digits = "".join(character for character in text if character.isdigit())
    foreign = _country_code(text, digits)
    return "0" + digits[foreign:] if foreign else digits


def _country_code(text: str, digits: str) -> int:
    """How many digits stand before the number itself: +44, 0044, and the 0 that some write after it."""
    if digits.startswith("0044"):
        code = 4
    elif digits.startswith("44") and text.lstrip().startswith("+"):
        code = 2
    else:
        return 0
    return code + digits[code:].startswith("0")


def _number_in(found: str) -> tuple[str, int]:
    """The telephone number at the start of `found` and the length that it takes there: other digits may follow it."""
    places = [place for place, character in enumerate(found) if character.isdigit()]
    digits = "".join(found[place] for place in places)
    code = _country_code(found, digits)
    for length in (11, 10):
        number = ("0" + digits[code:] if code else digits)[:length]
        last = code + length - (2 if code else 1)
        if last >= len(places):
            continue
        end = places[last] + 1
        if found[end : end + 1].isdigit() or _is_list(found[:end]):
            continue
        if number.startswith(FICTION) or _is_phone(number):
            return number, end
    return "", 0


def _is_list(found: str) -> bool:
    """Whether these are many small numbers, "0-1 2-1 3-1", rather than one in pieces, "07 70 09"."""
    between = re2.split(r"\d+", found.lstrip("+("))[1:-1]
    return len(between) >= 6 and len(set(between)) > 1


def _is_phone(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)
