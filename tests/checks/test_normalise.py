"""Disguised contacts come to light, and whatever is found in plain text leads back to the words as they were written."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.disguises import normalise
from checks.plain_letters import AS_OURS


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("ring oh seven seven oh oh nine oh oh one two three", "ring 07700900123"),
        ("ring zero, seven, seven, double zero, nine, double zero, one, two, three", "ring 07700900123"),
        ("O77OO9OO123 is mine", "07700900123 is mine"),
        ("write to jo [at] practice [dot] example", "write to jo@practice.example"),
        ("jo.bloggs at practice dot example", "jo.bloggs@practice.example"),
        ("０７７００ ９００１２３", "07700 900123"),
        ("0\u200b7700 900\u200b123", "07700 900123"),
        ("𝓬𝓪𝓵𝓵 𝓶𝓮", "call me"),
        ("ﬁne", "fine"),
        ("I will kіll yоu", "I will kill you"),
        ("JSmith.therapyATgmailDOTcom", "JSmith.therapy@gmail.com"),
        (
            f"{'so-long-a-name-of-a-page' * 3}-here at acto-org dot uk",
            f"{'so-long-a-name-of-a-page' * 3}-here@acto-org.uk",
        ),
    ],
)
def test_a_disguise_is_seen_through(raw: str, plain: str) -> None:
    """A contact written so that filters miss it is exactly the one that the Chair wants to see."""
    assert normalise(raw).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "One of two, three or four people were at work dot com is dead.",
        "I had seven or eight sessions, then nine more; one to ten how sad?",
        "Meet at nine, or at ten",
        "Cwtch ❤️ diolch yn fawr, naïve café",
        "Мама мыла раму, и в тот вечер она сказала: Ах, Καλημέρα",
        "",
    ],
)
def test_ordinary_text_keeps_its_words(text: str) -> None:
    """A digit made of ordinary words would be a false alarm, and what is in another language is not ours in disguise."""
    plain = normalise(text).text
    assert not any(character.isdigit() for character in plain)
    assert [word for word in plain.split() if not word.isascii()] == [
        word.strip("\ufe0f") for word in text.split() if not word.isascii()
    ]


def test_a_finding_in_plain_text_is_the_words_as_written() -> None:
    raw = "Hi 👋🏽 call me: oh seven seven oh oh nine oh oh one two three, ta"
    plain = normalise(raw)
    start = plain.text.index("07700900123")
    first, last = plain.to_raw(start, start + 11)
    assert raw[first:last] == "oh seven seven oh oh nine oh oh one two three"


PIECES = st.sampled_from(
    [
        "oh ",
        "seven ",
        "double ",
        "0",
        "O7",
        " [at] ",
        " dot ",
        "@",
        ".com",
        "a",
        "é",
        "e\u0301",
        "\u200b",
        "ﬁ",
        "👩‍👩‍👧",
        "\n",
        "７",
        "о",
        "-",
        "AT",
        "DOTcom",
        " at ",
        "gmail",
        "a-long-name",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_every_plain_character_comes_from_a_place_in_the_raw_text(raw: str) -> None:
    """Evidence that is not in the text would be highlighted at the wrong place, or raise in the middle of the night."""
    plain = normalise(raw)
    previous = 0
    for position in range(len(plain.text)):
        start, end = plain.to_raw(position, position + 1)
        assert 0 <= start < end <= len(raw)
        assert start >= previous
        previous = start
    if plain.starts is None:
        same = [unicodedata.normalize("NFKC", one) for one in raw[: len(plain.text)]]
        assert all(one in (other, other.translate(AS_OURS)) for one, other in zip(plain.text, same, strict=True))


@pytest.mark.parametrize("piece", ["oh seven ", "0 ", "a at ", "dot ", "@", "\u200b", "double ", "O7", "(at)", "é"])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """A single comment must not be able to stop the night."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.thread_time()
        normalise(text)
        return time.thread_time() - started

    seconds(1_000)
    short, long = min(seconds(20_000) for _ in range(3)), seconds(200_000)
    assert long < 40 * max(short, 0.002)
