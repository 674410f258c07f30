"""What was found is marked exactly, in any text that anybody can post."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.review.highlighting import marked, visible


@settings(max_examples=60, deadline=None)
@given(st.text(), st.integers(0, 60), st.integers(0, 60))
def test_the_parts_are_the_text_and_the_middle_is_what_was_found(text: str, start: int, length: int) -> None:
    """One character too far, and the Chair judges other words than the check did."""
    parts = marked(text, start, start + length)
    assert parts.before + parts.found + parts.after == visible(text)
    assert parts.found == visible(text[start : start + length])


@settings(max_examples=60, deadline=None)
@given(st.text(), st.integers(0, 400), st.integers(1, 400))
def test_a_cut_leaves_what_was_found_whole(text: str, start: int, length: int) -> None:
    found = text[start : start + length]
    parts = marked(text, start, start + length, each_side=100)
    assert parts.found == visible(found) and len(text[:start][-100:]) <= 100
    assert not parts.before or visible(text[:start]).endswith(parts.before.removeprefix("…"))


def test_what_cannot_be_seen_is_shown_and_what_holds_a_script_together_stays() -> None:
    """A hidden character may turn the reading order; a joiner makes one family of four people, or a word in Hindi."""
    assert visible("a\u202eb\u200b\x1b\ud800") == "a[U+202E]b[U+200B][U+001B][U+D800]"
    family = "\U0001f469\u200d\U0001f467 क्\u200dष e\u0301 שלום\n\tx"
    assert visible(family) == family
