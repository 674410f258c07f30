"""Most of the work on a text is left out where no sign asks for it: never where it would have come to something."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import chain, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.catalogue import load_checks
from checks.disguises import _STEPS, _Working, normalise
from checks.entities import _FINDERS, find_entities
from checks.examples import read_examples
from checks.phrases import signs
from checks.plain_letters import _INVISIBLE, folded
from checks.preparing import prepare
from checks.published import Published
from checks.quality import as_rows
from checks.roster import Roster
from tests.checks.formats import FORMS, INNOCENT, samples

FORMATS = [
    text
    for form in chain(INNOCENT.values(), *(forms.values() for forms in FORMS.values()))
    for text, _, _ in islice(samples(form), 3)
]
# The first of the three begins its text; what a step makes of the others is for a later one.
WRITTEN = [*FORMATS, "07700 900123", "jobloggs77 [at] gmail", "a b c d at practice dot example"]
CHECKS = load_checks()
EXAMPLES = [example for check in CHECKS for example in read_examples(check.folder)]
PIECES = st.one_of(
    st.sampled_from(FORMATS),
    st.sampled_from(
        ["oh seven ", "7 ", "0", "[at]", " dot ", "@", ".com ", "a b c d at ", "nhs ", "card ", "born ", "reg "]
    ),
    st.sampled_from([*_INVISIBLE, "\xa0", "…", "²"]),
    st.text(max_size=2),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


def rewritten_by_every_step(text: str) -> str:
    working = _Working(folded(text))
    for step in _STEPS:
        working.rewrite(*step)
    return working.text


def missed_without_a_sign(text: str) -> list[str]:
    """The formats of the finders that find something in `text` where their format is not."""
    return [
        pattern for pattern, finder in _FINDERS if not signs(pattern).any_in(text) and list(finder(text, Published()))
    ]


def test_no_form_is_left_out() -> None:
    """Each form that a number or an address may have, disguised or not, must show a sign to be looked at."""
    for text in WRITTEN:
        plain = rewritten_by_every_step(text)
        assert (normalise(text).text, missed_without_a_sign(plain)) == (plain, [])


@given(TEXTS)
@settings(deadline=None)
def test_no_mixture_of_forms_is_left_out(text: str) -> None:
    """A number that is there but not looked for stays in public, and nobody is told."""
    plain = rewritten_by_every_step(text)
    assert (normalise(text).text, missed_without_a_sign(plain)) == (plain, [])


@given(st.text() | TEXTS)
def test_a_text_that_needs_no_folding_is_the_same_folded(text: str) -> None:
    """Whatever is taken for plain must be so: a telephone number in other digits is one too."""
    characters = [(place, one) for place, one in enumerate(text) if one not in _INVISIBLE]
    slowly = [(place, plain) for place, one in characters for plain in unicodedata.normalize("NFKC", one)]
    plain = folded(text)
    assert plain.text == "".join(one for _, one in slowly)
    assert [plain.to_raw(at, at + 1) for at in range(len(plain.text))] == [(place, place + 1) for place, _ in slowly]


@pytest.mark.parametrize("members", [True, False])
def test_rows_have_all_that_is_in_their_texts(roster: Roster, members: bool) -> None:
    """The pass that spares most texts the rest must not spare one that has something."""
    known = roster if members else Roster()
    rows = as_rows([*EXAMPLES[::2], *(replace(EXAMPLES[0], text=text) for text in FORMATS)], known)
    prepared = prepare(rows, known)
    plain = [normalise(text) for text in rows.text]
    assert prepared.normalised.tolist() == plain
    assert prepared.entities.tolist() == [
        [one.as_row() for one in find_entities(one.text, known.published)] for one in plain
    ]
    assert prepared.people.tolist() == [
        known.find(one.text, parent, by_acto=role == "official")
        for one, parent, role in zip(plain, rows.parent_text, rows.author_role, strict=True)
    ]
    assert any(prepared.entities) and any(prepared.people) is members
