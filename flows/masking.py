"""Hide who and how to reach them in text that travels by e-mail. Hiding too much is better than leaking.

Anybody may read a mail on a locked telephone, so people become initials, and numbers, addresses and links become a
word in brackets (ICO: what a message shows should be no more than its reader needs).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import re2

from flows.likely_names import known_words, likely_names

_AT, _DOT = r"\s?[\[({<]?\s?at\s?[\])}>]?\s?", r"\s?[\[({<]?\s?dot\s?[\])}>]?\s?"
_FORMATS = [
    (re2.compile(pattern), shown)
    for pattern, shown in (
        (r"[\p{L}\p{N}_.+'-]+@[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+", "[email]"),
        (rf"(?i)[\p{{L}}\p{{N}}_.+-]+{_AT}[\p{{L}}\p{{N}}-]+{_DOT}[a-z]+", "[email]"),
        (r"(?i)(?:https?://|www\.)\S+", "[link]"),
        (r"@[\p{L}\p{N}_.-]+", "[handle]"),
        (r"(?i)\b[a-z]{1,2}[0-9][a-z0-9]?\s?[0-9][a-z]{2}\b", "[postcode]"),
        (r"(?i)\b[a-z]{2}(?:\s?[0-9]{2}){3}\s?[a-d]\b", "[number]"),
        (r"\+?\(?\p{Nd}(?:[\s()./,_–-]{0,3}\p{Nd}){4,}", "[number]"),
    )
]  # fmt: skip
_DOTTED = re2.compile(r"[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?:/\S*)?")
# Endings of web addresses with which sentences begin as well.
_ALSO_BEGIN = frozenset({"am", "as", "at", "be", "by", "do", "in", "is", "it", "me", "my", "no", "so", "to", "us"})
# Of no address, but of what people and practices call themselves.
_ALSO_NAMES = frozenset({"counselling", "counsellor", "example", "therapist", "therapy"})


@dataclass(frozen=True, slots=True)
class Masked:
    """One stretch of a text, from `start` to `end` (exclusive), and what is shown in its place."""

    start: int
    end: int
    shown: str


class Mask:
    """Masks the names and handles given and every likely name to initials, every number, address and link to a word.

    With `everything_shown` it hides nothing: for reports at the level "full".
    """

    def __init__(self, names: Iterable[str] = (), *, everything_shown: bool = False) -> None:
        self.everything_shown = everything_shown
        self._known = known_words(_fold(name)[0] for name in names)

    def text(self, text: str) -> str:
        """The whole text on one line, masked."""
        whole = clean(text).strip()
        shown, position = [], 0
        for span in self.spans(whole):
            shown += [whole[position : span.start], span.shown]
            position = span.end
        return "".join([*shown, whole[position:]])

    def spans(self, text: str) -> list[Masked]:
        """What to hide in a clean text, in order and without overlap."""
        if self.everything_shown:
            return []
        folded, offsets = _fold(text)
        found = [
            Masked(match.start(), match.end(), shown)
            for pattern, shown in _FORMATS
            for match in pattern.finditer(folded)
        ]
        found += _web_addresses(folded)
        found += [
            Masked(word.start, word.end, f"{word.text[0].upper()}-") for word in likely_names(folded, self._known)
        ]
        spans: list[Masked] = []
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
            elif span.end > spans[-1].end:
                spans[-1] = Masked(spans[-1].start, span.end, spans[-1].shown)
        return [Masked(offsets[span.start], offsets[span.end - 1] + 1, span.shown) for span in spans]


def clean(text: str) -> str:
    """The text on one line, without control, direction and broken characters: safe in a mail, a header, a terminal."""
    printable = "".join(" " if char.isspace() else char for char in text if char.isspace() or _printable(char))
    words = " ".join(printable.split())
    return f"{' ' * printable.startswith(' ')}{words}{' ' * (printable.endswith(' ') and bool(words))}"


def _web_addresses(text: str) -> Iterator[Masked]:
    """Web addresses, and what practices are called (anna.reid.counselling)."""
    for match in _DOTTED.finditer(text):
        host, _, path = match.group().partition("/")
        labels, end = host.split("."), match.start() + len(host)
        # From the end, so that a sentence behind an address without a blank does not hide that it is one.
        while len(labels) > 1:
            if _is_web_address(*labels[-2:], has_path=bool(path)):
                yield Masked(match.start(), match.end() if path else end, "[link]")
                break
            path, end = "", end - len(labels.pop()) - 1


def _is_web_address(before: str, ending: str, *, has_path: bool) -> bool:
    """Whether the ending is one of the web's, and no word with which a sentence begins that lacks its blank."""
    # Every command masks, few mask addresses, and the list takes a while to load.
    from checks.entities import SUFFIXES

    if ending.lower() in _ALSO_NAMES:
        return True
    begins = before.islower() and ending.istitle() and ending.lower() in _ALSO_BEGIN
    return bool(SUFFIXES(f"{before}.{ending}").suffix) and not before.isdigit() and (has_path or not begins)


def _printable(char: str) -> bool:
    # The joiners hold emoji and some scripts together; every other format character can only mislead.
    return char in "\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without accents, look-alike widths and invisible characters, and where each character came from."""
    parts = [
        (part, at)
        for at, char in enumerate(text)
        for part in unicodedata.normalize("NFKD", char)
        if unicodedata.category(part) not in {"Mn", "Me", "Cf", "Cs"}
    ]
    return "".join(part for part, _ in parts), [at for _, at in parts]
