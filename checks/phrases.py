"""Ways of saying something, found in text: patterns that run in linear time on any text, and the sentences around them.

Patterns are RE2, as in DuckDB: no look-around, no back-references, and no text can make them slow.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
import re2

Span = tuple[int, int]
COLUMNS = ("revision_id", "start_char", "end_char", "score", "reason", "severity")
_CLASS_OR_APOSTROPHE = re.compile(r"\[(?:\\.|[^\]\\])*\]|'")
_END_OF_SENTENCE = re2.compile(r"[.!?…]+(?:[\"'”’)\]]{0,3})(?:\s|$)|\n+")

_ANY_CASE = re2.Options()
_ANY_CASE.case_sensitive = False
_ANY_CASE.log_errors = False
# A roster of some thousand members makes a pattern that RE2 would not take with the 8 MB it has by itself.
_ANY_CASE.max_mem = 64 << 20


def any_case(pattern: str) -> Any:
    """The compiled `pattern`, to which upper and lower case are the same. Raises re2.error for one that RE2 does not take."""
    return re2.compile(pattern, _ANY_CASE)


class Signs:
    """Several patterns, looked for in one pass over a text; upper and lower case are the same to them.

    Many times cheaper than to look for each, and than to find out where it stands: for what hardly any text has.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set = re2.Set.SearchSet(_ANY_CASE)
        for pattern in patterns:
            # Raises re2.error for one that RE2 does not take.
            self._set.Add(pattern)
        self._set.Compile()

    def any_in(self, text: str) -> bool:
        """Whether one of the patterns matches anywhere in `text`."""
        return self._set.Match(text) is not None

    def found_in(self, text: str) -> list[int]:
        """Which of the patterns, by their place, match anywhere in `text`: in ascending order."""
        return sorted(self._set.Match(text) or ())


class Phrases:
    """A compiled pattern; upper and lower case are the same to it. Spans count characters, the end exclusive."""

    def __init__(self, pattern: str) -> None:
        self._compiled = any_case(pattern)

    def search(self, text: str) -> Span | None:
        """The first place in `text` that matches, or None."""
        found = self._compiled.search(text)
        return found.span() if found else None

    def find_all(self, text: str) -> list[Span]:
        """All places in `text` that match and do not overlap."""
        return [found.span() for found in self._compiled.finditer(text)]


@cache
def phrases(pattern: str) -> Phrases:
    """The compiled `pattern`. Raises re2.error for one that RE2 does not take."""
    return Phrases(pattern)


@cache
def signs(*patterns: str) -> Signs:
    """The compiled `patterns`."""
    return Signs(patterns)


def spoken(*ways: str) -> Phrases:
    """Any of the `ways` (patterns) of saying it; apostrophes may be straight, curly or left out."""
    return phrases(_CLASS_OR_APOSTROPHE.sub(_any_apostrophe, "|".join(ways)))


def _any_apostrophe(found: re.Match[str]) -> str:
    return "['’]?" if found[0] == "'" else found[0].replace("'", "'’")


def from_word_start(*ways: str) -> Phrases:
    """Any of the ways of saying it, from the start of a word."""
    return spoken(rf"\b(?:{'|'.join(ways)})")


def meets(place: Span, spans: Sequence[Span]) -> bool:
    """Whether `place` has a character in common with one of the spans."""
    return any(start < place[1] and place[0] < end for start, end in spans)


def sentences(text: str) -> list[Span]:
    """The sentences of `text`; together they cover all of it."""
    ends = [found.end() for found in _END_OF_SENTENCE.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends], ends, strict=False))


def sentence(text: str, start: int, end: int) -> Span:
    """The sentence, or sentences, around the span from `start` to `end`, without the blanks around them."""
    touched = [span for span in sentences(text) if span[1] > start and span[0] < max(end, start + 1)]
    first, last = (touched[0][0], touched[-1][1]) if touched else (start, end)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def whole_words(text: str, start: int, end: int) -> Span:
    """The span, widened to the ends of the words that it cuts; one of a word or two to its sentence."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return (start, end) if len(text[start:end].split()) > 2 else sentence(text, start, end)


def findings(found: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Findings as the frame that a transform returns, with all its columns also where there are none."""
    frame = pd.DataFrame(list(found))
    return frame.reindex(columns=list(COLUMNS))


def left_alone(row: Any, words: Span, reason: str) -> dict[str, Any]:
    """A finding with a score of zero: whatever the scorer says of these `words` of the row, they are not to be flagged."""
    start, end = words
    return {
        "revision_id": row.revision_id,
        "start_char": start,
        "end_char": end,
        "score": 0.0,
        "reason": reason,
        "severity": None,
    }
