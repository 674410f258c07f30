"""Texts made of examples, for several networks to judge together: real ones in other company, and without a label."""

from __future__ import annotations

import random

from checks.scorer.labelled import read_all
from checks.scorer.variants import LONGEST, variants

EXAMPLES = read_all()[::20]


def test_variants_are_made_of_what_was_written_and_carry_no_label() -> None:
    """A label that came along would teach the network that "Thank you!" below another post is a breach."""
    made = variants(EXAMPLES, 400, random.Random(1))
    texts = {one.text for one in EXAMPLES}
    words, parents = {word for text in texts for word in text.split()}, {one.parent_text for one in EXAMPLES}
    for one in made:
        assert (one.labels, dict(one.evidence), dict(one.spans), one.near, one.open) == ((), {}, {}, (), ())
        assert one.parent_text in parents
        assert one.text.split()
        assert set(one.text.split()) <= words
    assert len({one.id for one in made}) == len(made)
    assert sum(one.text in texts for one in made) < len(made) * 0.75
    assert max(len(one.text) for one in made if one.text not in texts) <= LONGEST + 1


def test_the_same_seed_makes_the_same_variants() -> None:
    """Training must give the same figures again."""
    assert variants(EXAMPLES, 50, random.Random(3)) == variants(EXAMPLES, 50, random.Random(3))
    assert variants(EXAMPLES, 50, random.Random(3)) != variants(EXAMPLES, 50, random.Random(4))
