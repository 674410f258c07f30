"""A few words around what a check found, masked, on one line."""

from __future__ import annotations

from dataclasses import dataclass

from flows.masking import Mask, clean

LONGEST, WORDS_EACH_SIDE = 160, 10
# Room for about five words on each side, however long the evidence is: without them it can be misread.
LEAST_AROUND = 80
LONGEST_IN_FULL, WORDS_EACH_SIDE_IN_FULL = 1200, 100
# Far more than is ever shown: a comment may be as long as a book.
_NEAR = 1500


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands `before` the `evidence`, the evidence itself, and what comes `after`."""

    before: str
    evidence: str
    after: str

    @property
    def text(self) -> str:
        """The excerpt without emphasis."""
        return self.before + self.evidence + self.after


def excerpt(text: str, start: int, end: int, mask: Mask) -> Excerpt:
    """What `text` says from `start` to `end` (characters, end exclusive) with 5 to 10 words each side: 160 characters, and up
    to 240 where the evidence alone is as long.

    The text is masked before it is cut, for half a telephone number is still a telephone number. Words left out show
    as "…". With a mask that hides nothing: up to 100 words each side, 1,200 characters.
    """
    longest, words = (LONGEST_IN_FULL, WORDS_EACH_SIDE_IN_FULL) if mask.everything_shown else (LONGEST, WORDS_EACH_SIDE)
    head, found, tail = (
        clean(text[max(0, start - _NEAR) : start]),
        clean(text[start:end]),
        clean(text[end : end + _NEAR]),
    )
    before, evidence, after = _masked_parts(head + found + tail, len(head), len(head) + len(found), mask)
    shown = _first_words(evidence, longest - 2, longest)
    room = max(longest - len(shown), LEAST_AROUND)
    right_needs = min(len(_first_words(after, room, words)), room // 2)
    left = _last_words(before, room - right_needs, words)
    return Excerpt(left, shown, _first_words(after, room - len(left), words))


def _masked_parts(text: str, start: int, end: int, mask: Mask) -> tuple[str, str, str]:
    """The masked text before, in and after the span; a mask that reaches over its edge belongs to what was found."""
    parts, position = ["", "", ""], 0

    def add(stretch_start: int, stretch_end: int) -> None:
        for part, (low, high) in enumerate(((0, start), (start, end), (end, len(text)))):
            parts[part] += text[max(low, stretch_start) : min(high, stretch_end)]

    for span in mask.spans(text):
        add(position, span.start)
        parts[0 if span.end <= start else 2 if span.start >= end else 1] += span.shown
        position = span.end
    add(position, len(text))
    return parts[0], parts[1], parts[2]


def _first_words(text: str, longest: int, words: int) -> str:
    every = text.split(" ")
    kept = every[: words + text.startswith(" ")]
    if len(kept) == len(every) and len(text) <= longest:
        return text
    while len(kept) > 1 and len(" ".join(kept)) >= longest:
        kept.pop()
    return " ".join(kept)[: max(0, longest - 1)] + "…" if longest > 0 else ""


def _last_words(text: str, longest: int, words: int) -> str:
    every = text.split(" ")
    kept = every[-words - text.endswith(" ") :]
    if len(kept) == len(every) and len(text) <= longest:
        return text
    while len(kept) > 2 and len(" ".join(kept)) >= longest:
        kept.pop(0)
    # A single word that is too long is left out rather than cut: its beginning may be what a mask would need.
    shown = " ".join(kept)
    return "…" + shown if len(shown) < longest else "…" * (longest > 0)
