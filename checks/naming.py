"""How a person is named in text: names however they are spelt, titles and letters around them, first names, handles.

What is to be found is given as RE2, to which upper and lower case are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

# A handle with its @, to its end: a full stop behind it ends a sentence, and one in the middle of it does not.
HANDLE = r"@[\pL\pM\pN_]+(?:[.·\-][\pL\pM\pN_]+)*"
_TEAM = (
    r"\b(?:our|poor|acto'?s) (?:\w+ )?(?:NAME)"
    r"|(?:NAME)(?:'s)? (?:in|from|at) (?:the|our|acto'?s?) (?:\w+ )?(?:office|team|board|desk)\b"
    r"|(?:NAME)'s (?:disciplinary|sick note|leave)\b"
)
# Letters that are no other one with an accent, and what they are written as where a keyboard lacks them.
_WITHOUT_STROKE = str.maketrans("łŁøØđĐ", "lLoOdD")
# Between two parts of a name.
_BETWEEN = r"[\s.\-]{1,2}"
_TITLES = r"(?:dr|mr|mrs|ms|miss|mx|prof)\.?"
_TITLE = re.compile(rf"{_TITLES}\s+", re.IGNORECASE)
# Nobody is called as a body of therapists is; but there are families Ma and Ba.
_LETTERS_AFTER = re.compile(
    r"[\s,]+\(?(?:(?P<body>[A-Z]*(?:BACP|UKCP|NCPS|NCS|BPC|HCPC|BPS|COSCA|ACTO))|BA|BSc|MA|MSc|MEd|MBA|PhD|DPhil|PGDip|PGCert"
    r"|Dip\w*|CPsychol|DClinPsy\w*|Hons|OBE|MBE|CBE|FRSA)\.?\)?$"
)


def name_alone(name: str) -> str:
    """First names and surname, without title and letters after it: "Dr Jane Smith MBACP", "Smith, Jane"."""
    name = _TITLE.sub("", name, count=1) if _TITLE.match(name) else name
    # Of "JANE MA" no surname would be left.
    while (found := _LETTERS_AFTER.search(name)) and (found["body"] or len(name[: found.start()].split()) > 1):
        name = name[: found.start()]
    surname, comma, first = name.partition(",")
    return " ".join(f"{first} {surname}".split() if comma and first.strip() else name.split())


def in_full(name: str) -> str:
    """RE2 for a name in full."""
    parts = name.split()
    return _BETWEEN.join(_tolerant(part, begins=part is parts[0], ends=part is parts[-1]) for part in parts)


def perhaps_in_full(names: Collection[str]) -> str:
    """RE2 for any of many names in full; it matches the first name of one with the surname of another too."""
    # The first names of all with the second ones of all, and so on: a pattern a member would outgrow RE2's memory with some
    # hundred members, and then is a thousand times as slow (measured).
    parts = [name.split() for name in names]
    first = any_of(_tolerant(one[0], begins=True) for one in parts)
    second = any_of(_tolerant(one[1], ends=True) for one in parts if one[1:])
    alone = any_of(_tolerant(one[0], begins=True, ends=True) for one in parts if not one[1:])
    return rf"(?:{first}){_BETWEEN}(?:{second})|{alone}"


def titled(surnames: Iterable[str]) -> str:
    """RE2 for any of the `surnames` after a title."""
    return rf"\b{_TITLES}\s(?:{any_of(_tolerant(surname, ends=True) for surname in surnames)})"


def called(first_names: Iterable[str]) -> str:
    """RE2 for any of the `first_names`; for short ones only with a capital: some are words."""
    spellings = [spelling for name in first_names for spelling in ([name, name.lower()] if len(name) > 4 else [name])]
    return any_of(f"(?-i:{_tolerant(spelling, begins=True, ends=True)})" for spelling in spellings)


def on_the_team(first_names: Iterable[str]) -> str:
    """RE2 for any of the `first_names` where one of ACTO's team is spoken of."""
    return _TEAM.replace("NAME", called(first_names))


def any_of(ways: Iterable[str]) -> str:
    """RE2 for any of the `ways`; for no way at all one that nothing matches."""
    return "|".join(sorted(set(ways))) or r"[^\x00-\x{10ffff}]"


def escaped(text: str) -> str:
    """RE2 for this very text."""
    return "".join(character if character.isalnum() else f"\\x{{{ord(character):x}}}" for character in text)


def plain_part(word: str) -> str:
    """The longest part of `word` that stands in every spelling of it: without accents, apostrophes and hyphens."""
    return max(re.findall("[a-z0-9]+", word.lower()), key=len, default="")


def _tolerant(word: str, *, begins: bool = False, ends: bool = False) -> str:
    """RE2 for a part of a name, whatever its accents, apostrophes and hyphens; where it `begins` or `ends` a name, no letter
    stands beside it.
    """
    pieces = []
    for place, character in enumerate(word):
        plain = unicodedata.normalize("NFD", character)[0].translate(_WITHOUT_STROKE)
        if plain in "'’":
            pieces.append("['’]?")
        elif plain in "-‐‑":
            pieces.append(r"[\s\-‐‑]?")
        else:
            before = r"\b" if begins and not place else ""
            after = r"\b" if ends and place == len(word) - 1 else ""
            pieces.append(
                f"{before}{escaped(plain)}{after}" if plain == character else _accented(character, plain, before, after)
            )
    return "".join(pieces)


def _accented(character: str, plain: str, before: str, after: str) -> str:
    """RE2 for a letter with its accent, without, or with it as a character of its own, as some programs write it."""
    # To RE2 no letter but those of ASCII belongs to a word, so that one begins or ends it where there is no bound.
    before_accent, after_accent = (r"\B" if bound else "" for bound in (before, after))
    apart = rf"{before}{plain}[\x{{300}}-\x{{36f}}]+{after_accent}"
    return rf"(?:{apart}|{before}{plain}{after}|{before_accent}{character}{after_accent})"
