"""What `acto check --text` says of a text of which the checks could read little."""

from __future__ import annotations

import re

from flows.report_words import LANGUAGE

ADDRESS = "Only the address was judged; what stands behind it was not opened: paste its words."
# Of the commonest words of English some that other languages seldom have: so neither “I” nor “me” nor “was”. In English more than
# every fourth word is one of them.
COMMONEST = (
    "the and of you that it is for my this with have what we your are can not at be our they please how who would about from "
    "never her his its there just to"
)
HARDLY_ANY = 1 / 12
# A shorter text may well do without.
FEWEST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)


def hint(text: str) -> str:
    """A sentence for a text that nothing flags, where it is nothing but addresses of the web, or has hardly any of the commonest
    English words; empty for any other.
    """
    parts = [part for one in text.split() if (part := one.strip("<>()[]\"'“”‘’.,;:!?"))]
    if all(_ADDRESS.fullmatch(part) for part in parts):
        return ADDRESS if parts else ""
    words = [word.lower() for word in _WORD.findall(text)]
    commonest = frozenset(COMMONEST.split())
    english = sum(word in commonest for word in words)
    return LANGUAGE if len(words) >= FEWEST_WORDS and english < HARDLY_ANY * len(words) else ""
