"""Everyday talk around examples: the network learns to find a breach among other matters."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from checks.scorer import background as talk
from checks.scorer.background import Background
from checks.scorer.labelled import read_all

EXAMPLES = [one for one in read_all()[:400] if one.spans]


@pytest.fixture
def background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Background:
    lines = "Lovely afternoon for the match, [NAME]\t0\tid\nI could murder a jellied eel\t0\tid\n"
    for name in talk.FILES:
        (tmp_path / name).write_text(lines)
    monkeypatch.setattr(talk, "FILES", dict.fromkeys(talk.FILES, hashlib.sha256(lines.encode()).hexdigest()))
    return Background(tmp_path, ["How are you?"], random.Random(1))


def test_the_words_that_carry_a_label_are_found_among_the_talk(background: Background) -> None:
    """Else the network would learn from the weather which words are a breach."""
    surrounded = [
        (one, example) for one, example in zip(background.among(EXAMPLES), EXAMPLES, strict=True) if one != example
    ]
    assert 0.04 * len(EXAMPLES) < len(surrounded) < 0.25 * len(EXAMPLES)
    for one, example in surrounded:
        assert len(one.text) > len(example.text) and example.text.strip() in one.text
        assert one.labels == example.labels and one.spans.keys() == example.spans.keys()
        for clause, (start, end) in one.spans.items():
            first, last = example.spans[clause]
            assert one.text[start:end] == example.text[first:last]


def test_talk_around_a_harmless_example_is_harmless_too(background: Background) -> None:
    """What is not labelled for self-harm or violence may not stand in an example that is."""
    assert not any("murder a jellied eel" in one.text for one in background.among(EXAMPLES))
    assert any("murder a jellied eel" in one.text for one in background.draw(50))


def test_long_examples_stay_as_they_are(background: Background) -> None:
    assert all(
        len(example.text) < talk.SHORT
        for one, example in zip(background.among(EXAMPLES), EXAMPLES, strict=True)
        if one != example
    )
