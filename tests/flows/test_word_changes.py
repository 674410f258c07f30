"""What was changed in a text is shown word by word."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from flows.word_changes import MOST_WORDS, Words, word_changes

TEXTS = st.lists(st.sampled_from(["my", "therapist", "added", "me", "on", "Insta"]), max_size=12).map(" ".join)


def test_a_word_that_was_put_in_the_place_of_another_is_shown_as_such() -> None:
    assert word_changes("So glad she accepted my request", "So glad she declined my request") == [
        Words("same", "So glad she"), Words("removed", "accepted"), Words("added", "declined"), Words("same", "my request"),
    ]  # fmt: skip


@given(TEXTS, TEXTS)
def test_nothing_is_lost_and_nothing_invented(before: str, after: str) -> None:
    """The Chair may have to show what stood there: both texts can be read off the changes."""
    parts = word_changes(before, after)
    assert " ".join(part.text for part in parts if part.how != "added") == before
    assert " ".join(part.text for part in parts if part.how != "removed") == after


def test_a_text_that_is_meant_to_take_for_ever_does_not() -> None:
    """Whoever posts a book of one word, twice, must not hang the page."""
    begun = time.process_time()
    parts = word_changes("a b " * 20_000, "b a " * 20_000)
    assert [part.how for part in parts if part.how != "same"] == ["removed", "added"]
    mixed = [" ".join(str(number * step % 97) for number in range(MOST_WORDS)) for step in (5, 7)]
    assert word_changes(*mixed)
    assert time.process_time() - begun < 20, "milliseconds on any machine, hours if it were not bounded"
