"""Digits and e-mail addresses as they are meant: spelled digits, O for 0, numbers in pieces, [at] and [dot].

The second half of a text's plain form (reference "detection", 4.3): it reads what checks.plain_letters has given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import takewhile

import re2

from checks.phrases import Signs, any_case
from checks.plain_letters import OUR_LETTER, Normalised, folded

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

_AT = any_case(r"\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?")
_DOT = any_case(r"\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?")
_SPACED_NAME = any_case(r"\b(?:[a-z0-9._-]\s){3,40}[a-z0-9]?(?:@|at\s)")
_SPACED_DOMAIN = any_case(r"@\s?[a-z0-9-](?:\s[a-z0-9.-]){4,40}\b")
_SAID_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
_SAID_SIGN = any_case(rf"\s({'|'.join(_SAID_SIGNS)})\s")
_NAME = rf"[a-z0-9._+-]{{1,40}}(?:\s(?:{'|'.join(_SAID_SIGNS)})\s[a-z0-9._+-]{{1,40}}){{0,3}}"
_SAID_AT = r"\sat(?:\s(?:sign|symbol))?\s|[_*~-]at[_*~-]"
_SAID_DOT = r"\.|\s\.\s|\sdot\s|[_*~-]dot[_*~-]"
_ENDINGS = r"(?:com|co|uk|org|net|ac|gov|nhs|info|me|io|eu|ie|wales|cymru|scot|london|email|example)"
# "jo at practice dot example", "jo @ practice . example"
_SPOKEN_ADDRESS = any_case(
    rf"\b({_NAME})(\s?@\s?|{_SAID_AT})([a-z0-9-]{{2,30}}(?:(?:{_SAID_DOT})[a-z0-9-]{{2,30}}){{0,2}}?"
    rf"(?:(?:{_SAID_DOT}){_ENDINGS}){{1,2}})\b"
)
_BLANK_ADDRESS = any_case(r"\b([a-z0-9._+-]{2,40})(\s@\s?|@\s)([a-z0-9-]{2,30}(?:\.[a-z0-9-]{2,30}){1,3})\b")
# "jo@gmail", "jo77 on gmail", "jo@gmail,com"
MAIL_PROVIDERS = "gmail|googlemail|hotmail|outlook|icloud|btinternet|protonmail|yahoo"
_MAIL_PROVIDERS = rf"(?:{MAIL_PROVIDERS})"
_PROVIDER_ADDRESS = any_case(
    rf"\b([a-z][a-z0-9._+-]{{3,40}})(\s?@\s?|\s(?:on|at)\s)({_MAIL_PROVIDERS})"
    r"((?:\s?[.,]\s?|\sdot\s)(?:com|co(?:\s?[.,]\s?|\sdot\s)uk))?((?:\.[a-z0-9-]{2,20}){0,3})\b"
)
_AT_PROVIDER = any_case(rf"^{_MAIL_PROVIDERS}\.")
# jobloggsATgmailDOTcom
_SHOUTED_ADDRESS = re2.compile(r"\b([a-z0-9._-]{3,40})AT([a-z0-9-]{2,30}(?:DOT[a-z]{2,10}){1,2})\b")
_A_SAID_DOT = any_case(r"\sdot\s|[_*~-]dot[_*~-]")
_SAID_DOT_WORD = any_case(r"\bdot\b|_dot_")
# A name that no word of the language is: "jo.bloggs", "jobloggs77".
_LIKE_A_HANDLE = any_case(r"^[a-z]+[a-z0-9]*(?:[._+-][a-z0-9]+|[0-9])[a-z0-9._+-]*$")
# "I looked at that shop dot com", "find us @ practice.example": talk of places on the web.
_TALK = frozenset(
    [
        "a", "address", "am", "and", "anybody", "anyone", "are", "available", "back", "be", "blog", "book", "bought",
        "browsing", "buy", "call", "check", "class", "course", "details", "donate", "donation", "event", "events",
        "everyone", "everything", "find", "form", "found", "from", "going", "had", "help", "here", "i", "is", "it",
        "just", "listen", "live", "look", "looked", "looking", "looks", "lunch", "me", "meet", "meeting", "more",
        "newsletter", "nobody", "now", "on", "online", "open", "or", "order", "ordered", "out", "over", "people",
        "problem", "problems", "read", "registered", "see", "sell", "selling", "shop", "shopping", "sign", "signed",
        "site", "somebody", "someone", "start", "started", "still", "stories", "story", "stuff", "talk", "team",
        "that", "the", "them", "there", "things", "this", "tickets", "trouble", "up", "us", "visit", "volunteer",
        "was", "watch", "we", "webinar", "website", "were", "work", "worked", "working", "works", "workshop", "you",
    ]
)  # fmt: skip
# "sales @littlebox.example" is an address, "love @littlebox.example" is not.
_DESKS = frozenset(
    ["admin", "bookings", "contact", "enquiries", "hello", "help", "info", "mail", "office", "sales", "support"]
)


# What stands there as it is meant. It is given the match itself: found alone, without the letters beside it, a pattern may no
# longer match the same words.
Rewrite = Callable[[re2._Match], str]


def normalise(raw: str) -> Normalised:
    """`raw` in plain form, upper and lower case kept. Ordinary text comes back as it is."""
    plain = folded(raw)
    return rewritten(plain, _SIGNS.found_in(plain.text))


def rewritten(plain: Normalised, signs: Collection[int]) -> Normalised:
    """What `folded` has given, with digits and addresses that are spelled or taken apart as they are written: the second half.

    `signs` are those of DISGUISED, by their place, that are in it. Where nothing changes, `plain` itself comes back.
    """
    if not signs:
        return plain
    working = _Working(plain)
    for number, (pattern, rewrite) in enumerate(_STEPS):
        # What a step has changed may be for any later one, too.
        if number in signs or working.text is not plain.text:
            working.rewrite(pattern, rewrite)
    return Normalised(working.text, working.starts, working.ends) if working.text is not plain.text else plain


class _Working:
    """Characters of the text so far, each with the raw span that it came from."""

    def __init__(self, plain: Normalised) -> None:
        self.text = plain.text
        self.starts = plain.starts or list(range(len(plain.text)))
        self.ends = plain.ends or list(range(1, len(plain.text) + 1))

    def rewrite(self, pattern: re2._Regexp, plain: Rewrite) -> None:
        """Replace what `pattern` finds by its plain form; each new character stands for all of the part that is new."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for found in pattern.finditer(self.text):
            old, new = found.group(), plain(found)
            if new == old:
                continue
            before, after = _kept(old, new)
            start, end = found.start() + before, found.end() - after
            new = new[before : len(new) - after]
            text += [self.text[position:start], new]
            starts += self.starts[position:start] + [self.starts[start]] * len(new)
            ends += self.ends[position:start] + [self.ends[end - 1]] * len(new)
            position = end
        if position:
            self.text = "".join([*text, self.text[position:]])
            self.starts = starts + self.starts[position:]
            self.ends = ends + self.ends[position:]


def _kept(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share before and after what differs; of `old`, something differs always."""
    before = min(_alike(old, new), len(old) - 1)
    return before, _alike(old[before + 1 :][::-1], new[before:][::-1])


def _alike(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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


def _without_blanks(match: re2._Match) -> str:
    """Letters one by one, put together."""
    found = match.group()
    return re2.sub(r"\s", "", found[:-3]) + (" at " if found[-3:].lower() == "at " else found[-3:].strip())


def _as_domain(match: re2._Match) -> str:
    found = match.group()
    return re2.sub(r"\s", "", found) if "." in found else found


def _as_address(match: re2._Match) -> str:
    """A spoken e-mail address as it is written; talk of "somebody at work dot com" stays, for it has no such ending."""
    name, at, domain = match.groups()
    if "@" not in at and not _SAID_DOT_WORD.search(domain):
        return match.group()
    return _joined(match.group(), name, at, domain)


def _as_blank_address(match: re2._Match) -> str:
    return _joined(match.group(), *match.groups())


def _joined(found: str, name: str, at: str, domain: str) -> str:
    """The address, unless it is but talk, or somebody's handle after a word."""
    mention = at.startswith(" @") and not at.endswith(" ") and not _SAID_DOT_WORD.search(domain)
    plain = "".join(_unsaid(domain).split())
    if at != "@" and name.lower() in _TALK:
        return found
    if mention and name.lower() not in _DESKS and not (_LIKE_A_HANDLE.search(name) or _AT_PROVIDER.search(plain)):
        return found
    name = _SAID_SIGN.sub(lambda said: _SAID_SIGNS[said.group(1).lower()], name)
    return f"{name}@{plain}"


def _unsaid(domain: str) -> str:
    return _A_SAID_DOT.sub(".", domain)


def _as_provider_address(match: re2._Match) -> str:
    """An address without its ending, or with it after a comma; "the trouble on gmail" stays."""
    found = match.group()
    name, at, provider, ending, other = match.groups()
    if other:
        return found
    sure = len(name) >= 5 and "@" in at and (at == "@" or ending or provider.lower() not in ("yahoo", "outlook"))
    if name.lower() in _TALK or not (sure or _LIKE_A_HANDLE.search(name)):
        return found
    plain = "".join(_unsaid(ending or ".com").split()).replace(",", ".")
    return f"{name}@{provider}{plain}"


def _as_quiet_address(match: re2._Match) -> str:
    name, domain = match.groups()
    return f"{name}@{domain.replace('DOT', '.')}"


# One after the other, each on what the former has left.
_STEPS: tuple[tuple[re2._Regexp, Rewrite], ...] = (
    (_SPELLED, _as_digits),
    (_SPELLED_HERE, _as_short_number),
    (_PIECES, _as_one_number),
    (_LETTER_DIGITS, _with_digits),
    (_AT, lambda match: "@"),
    (_DOT, lambda match: "."),
    (_SPACED_NAME, _without_blanks),
    (_SPACED_DOMAIN, _as_domain),
    (_SPOKEN_ADDRESS, _as_address),
    (_BLANK_ADDRESS, _as_blank_address),
    (_PROVIDER_ADDRESS, _as_provider_address),
    (_SHOUTED_ADDRESS, _as_quiet_address),
)
# What a step rewrites, its own pattern finds, or its sign: a text with none of them is plain already.
_SIGN = {_SPELLED: _SAID_BESIDE, _PIECES: _PIECES_BEGIN}
DISGUISED = tuple(_SIGN.get(pattern, pattern.pattern) for pattern, _ in _STEPS)
_SIGNS = Signs(DISGUISED)
