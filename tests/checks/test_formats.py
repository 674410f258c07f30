"""Every form of a telephone number, an address or a number is found, and whatever only looks like one is left alone."""

from __future__ import annotations

import time

import pytest

from checks.disguises import normalise
from checks.entities import find_entities
from tests.checks.formats import FORMS, INNOCENT, Form, recall, samples
from tests.checks.test_raw_gate import let_through

FORM = [pytest.param(kind, form, id=f"{kind}-{name}") for kind, forms in FORMS.items() for name, form in forms.items()]
ALIKE = [pytest.param(form, id=name) for name, form in INNOCENT.items()]


@pytest.mark.parametrize(("kind", "form"), FORM)
def test_a_form_is_found_where_it_stands(kind: str, form: Form) -> None:
    """Somebody whose number is written just so would stay exposed in public, and nobody would be told."""
    assert recall(kind, form) >= 0.9, next(samples(form))[0]


@pytest.mark.parametrize("kind", FORMS)
def test_hardly_any_of_a_kind_is_missed(kind: str) -> None:
    """Each form may miss a value that could as well be a date; the Chair relies on the kind as a whole."""
    forms = FORMS[kind].values()
    assert sum(recall(kind, form) for form in forms) >= 0.97 * len(forms)


@pytest.mark.parametrize("form", ALIKE)
def test_what_only_looks_like_it_is_left_alone(form: Form) -> None:
    """Dates, prices, scores and order numbers are in every tenth comment: a Chair warned of these stops reading."""
    found = {text: find_entities(normalise(text).text) for text, _, _ in samples(form)}
    assert {text: entities for text, entities in found.items() if entities} == {}


@pytest.mark.parametrize(("kind", "form"), FORM)
def test_the_gate_lets_each_form_through(kind: str, form: Form) -> None:
    """What the gate leaves aside is never looked at, however well the finders know it."""
    texts = [text for text, _, _ in samples(form)]
    assert set(texts) - let_through(*texts) == set()


@pytest.mark.parametrize(
    "piece",
    ["0-", "+44", "00 7", "oh then ", "O7 ", "j o ", "a dot b at ", "a@gmail", "jo77 on ", "aATbDOT", "07700, ", "0.7",
     "Q Q 1 ", "12 Mill ", "20-00-00 bank 1", "card 4111 ", "a1 reg ", "3/4/87 dob ", "GB29 NWBK "],
)  # fmt: skip
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """A single comment must not be able to stop the night."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.thread_time()
        find_entities(normalise(text).text)
        return time.thread_time() - started

    seconds(500)
    short, long = min(seconds(2_000) for _ in range(3)), seconds(20_000)
    assert long < 40 * max(short, 0.005)
