"""The gate asks for all checks together, and a text is let through to each just as by its own pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from checks.catalogue import load_checks
from checks.examples import read_examples
from checks.gate import Gate, gate
from checks.phrases import phrases

CHECKS = load_checks()
GATES = [check.about.gate.pattern for check in CHECKS]
EXAMPLES = [example.text for check in CHECKS for example in read_examples(check.folder)]

PIECES = st.sampled_from(["a", "b", r"\bab", r"a{2,3}", r"[|()]", r"[^]a|]", r"\|", r"\(", r"\)", "é", "$", "^b"])
PATTERNS = st.recursive(
    st.lists(PIECES, min_size=1, max_size=3).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(st.sampled_from(["(?:", "(?i:", "(?-i:", "("]), inner, st.sampled_from([")", ")?", ")b"])).map(
            "".join
        ),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]})(?:{two[1]})"),
        inner.map(lambda one: f"(?s){one}|b."),
    ),
    max_leaves=6,
)


def matching(text: str, patterns: Sequence[str]) -> set[int]:
    return {place for place, pattern in enumerate(patterns) if pattern and phrases(pattern).search(text)}


def test_a_text_is_let_through_to_the_rules_of_those_checks_whose_own_pattern_it_matches() -> None:
    """What is left aside no rule looks at, and what is let through for nothing makes each night longer."""
    words = [word for text in EXAMPLES for word in re.findall(r"\S+(?: \S+)?", text)]
    texts = list(dict.fromkeys(EXAMPLES + words))
    found = [gate(*GATES).found_in(text) for text in texts]
    assert found == [matching(text, GATES) for text in texts]
    assert set.union(*found) == set(range(len(GATES))) and set() in found


@example(["(?s)a|b.", "c."], "c\n")
@example(["(?-i:a)|b"], "A")
@example(["b[^]a|]"], "bé")
@example(["", "a", "", "b"], "b")
@given(st.lists(PATTERNS, min_size=1, max_size=3), st.text("abB|()é\n ]", max_size=6))
def test_no_pattern_is_cut_where_it_may_not_be(patterns: list[str], text: str) -> None:
    """A check whose gate was cut in the middle would look at the wrong texts, and nothing would tell."""
    assert Gate(patterns).found_in(text) == matching(text, patterns)
