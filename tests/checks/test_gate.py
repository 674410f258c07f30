"""The gate is asked in few patterns, and a text is let through by them just as by each check's own."""

from __future__ import annotations

import re

import re2
from hypothesis import example, given
from hypothesis import strategies as st

from checks.catalogue import load_checks
from checks.examples import read_examples
from checks.gate import CHARACTERS, joined
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


def let_through(text: str, patterns: list[str]) -> bool:
    return any(phrases(pattern).search(text) for pattern in patterns)


def test_few_patterns_let_through_what_the_gates_of_all_checks_do() -> None:
    """What is left aside is never judged, and what is let through for nothing makes each night longer."""
    few = joined(*GATES)
    words = [word for text in EXAMPLES for word in re.findall(r"\S+(?: \S+)?", text)]
    texts = list(dict.fromkeys(EXAMPLES + words))
    assert [text for text in texts if let_through(text, few) != let_through(text, GATES)] == []
    assert len(few) < len(GATES) / 2
    assert any(let_through(text, few) for text in words) and not all(let_through(text, few) for text in words)


@example(["(?s)a|b.", "c."], "c\n")
@example(["(?-i:a)|b"], "A")
@example(["b[^]a|]"], "bé")
@given(st.lists(PATTERNS, min_size=1, max_size=3), st.text("abB|()é\n ]", max_size=6))
def test_no_pattern_is_cut_where_it_may_not_be(patterns: list[str], text: str) -> None:
    """A check whose gate was cut in the middle would look at the wrong texts, and nothing would tell."""
    # As in the gate's SQL, each is for any case.
    assert any(re2.search(f"(?i){one}", text) for one in joined(*patterns)) == any(
        re2.search(f"(?i){one}", text) for one in patterns
    )


def test_no_joined_pattern_outgrows_what_re2_keeps_of_it() -> None:
    """One that does takes fifty times as long over every text."""
    many = joined("|".join(f"word{number}" for number in range(5_000)))
    assert max(map(len, many)) < 1.3 * CHARACTERS
    assert len(many) > 5
