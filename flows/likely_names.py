"""Which words of a text may name a person: those of known people, common first names, and capitalised words that are no
ordinary word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import re2

_WORD = re2.compile(r"[\p{L}\p{N}_]+")
_CLIENT = frozenset({"client", "clients", "patient", "patients"})
_CALLED = frozenset({"called", "named", "mr", "mrs", "ms", "miss", "mx", "dr"})
_BEFORE_A_NAME = _CLIENT | {"therapist", "counsellor", "thanks", "cheers", "hi", "hello", "hey", "dear"}
_VERB_OF_A_PERSON = frozenset(
    {
        "is", "was", "has", "had", "who", "and", "told", "said", "says", "came", "cried", "broke", "left", "lives", "s",
        "cancelled", "texted", "messaged", "emailed", "phoned", "rang", "wants",
    }
)  # fmt: skip


def _words(name: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8").split())


# First names and surnames that are also words: hidden only where they begin with a capital letter.
_ALSO_WORDS = _words("also_names")
# Words that may carry a capital letter without naming a person.
_NOT_NAMES = _words("not_names")
# Common in Britain and among those who live there, without accents. No list that is kept up as a package is small; what a
# sentence may well begin with (Will, Hope, Grant, the Welsh Mae) is left out.
_FIRST_NAMES = _words("first_names")
# First names that are words in small letters: hidden where they begin with a capital one, and after "my client" or "hi".
_FIRST_NAMES_ALSO_WORDS = _words("first_names_also_words")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text and where it stands (end exclusive)."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def capitalised(self) -> bool:
        """Begins with a capital letter and goes on in small ones."""
        return self.text[0].isupper() and any(char.islower() for char in self.text[1:])


def known_words(names: Iterable[str]) -> frozenset[str]:
    """The lower-case words by which a text may name these people: each name and handle whole, joined and in parts."""
    words: set[str] = set()
    for name in names:
        parts = [word.lower for word in words_of(name)]
        words.update(part for part in parts if len(part) > 1 and not part.isdigit())
        words.add("".join(parts))
    return frozenset(words - {"", "acto"})


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def likely_names(text: str, known: frozenset[str]) -> Iterator[Word]:
    """The words of `text` that name, or may well name, a person; `known` comes from known_words()."""
    words = words_of(text)
    for at, word in enumerate(words):
        if (
            _is_known(words, at, known)
            or _is_after_client(words, at)
            or _is_first_name(words, at)
            or _is_surname_in_capitals(words, at)
            or _looks_like_a_name(text, words, at)
        ):
            yield word


def _is_known(words: Sequence[Word], at: int, known: frozenset[str]) -> bool:
    word = words[at]
    if word.lower not in known:
        return False
    ordinary = word.lower in _ALSO_WORDS or word.lower in _NOT_NAMES or len(word.text) == 2
    beside = [words[near].lower for near in (at - 1, at + 1) if 0 <= near < len(words)]
    return not ordinary or word.text[0].isupper() or any(near in known and near not in _NOT_NAMES for near in beside)


def _is_after_client(words: Sequence[Word], at: int) -> bool:
    """ "my client April", "a client called oliver": names that would pass as words elsewhere."""
    word, before = words[at], words[at - 1].lower if at else ""
    if before in _CALLED:
        return word.lower not in _NOT_NAMES
    return before in _CLIENT and word.text[0].isupper() and (word.lower in _ALSO_WORDS or word.lower not in _NOT_NAMES)


def _is_first_name(words: Sequence[Word], at: int) -> bool:
    word, before = words[at], words[at - 1].lower if at else ""
    if word.lower in _FIRST_NAMES:
        return True
    return word.lower in _FIRST_NAMES_ALSO_WORDS and (word.text[0].isupper() or before in _BEFORE_A_NAME)


def _is_surname_in_capitals(words: Sequence[Word], at: int) -> bool:
    """ "JANE SMITH", "Jane SMITH": a word in capitals would otherwise pass as shouted."""
    word, before = words[at], words[at - 1] if at else None
    if (
        before is None
        or word.start - before.end > 1
        or not before.text[0].isupper()
        or not _is_first_name(words, at - 1)
    ):
        return False
    ordinary = word.lower in _NOT_NAMES or word.lower in _VERB_OF_A_PERSON
    return word.text.isupper() and word.text.isalpha() and len(word.text) > 2 and not ordinary


def _looks_like_a_name(text: str, words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if not word.capitalised or word.lower in _NOT_NAMES:
        return False
    if not _begins_sentence(text, word.start):
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    if following is None or following.start - word.end > 2:
        return False
    name_goes_on = following.capitalised and following.lower not in _NOT_NAMES
    return name_goes_on or following.lower in _VERB_OF_A_PERSON or text[word.end] == ","


def _begins_sentence(text: str, start: int) -> bool:
    """Nothing, an end mark, a quotation mark or an emoji stands before, so that any word would have a capital."""
    before = text[max(0, start - 4) : start].rstrip()
    return not before or before[-1] in '.!?…:"“‘(#*•-–' or unicodedata.category(before[-1]) in {"So", "Sk", "Mn"}
