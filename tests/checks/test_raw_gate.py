"""The gate before the validators sees texts as they were posted: what it leaves aside no validator ever looks at."""

from __future__ import annotations

import sys
import unicodedata
from itertools import islice

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.disguises import normalise
from checks.entities import find_entities
from checks.plain_letters import _INVISIBLE
from checks.roster import Roster
from checks.validators import Validators
from tests.checks.formats import FORMS, samples
from tests.checks.test_signs import TEXTS
from warehouse.gate import gate

DUCKDB = duckdb.connect()
GATE = gate(DUCKDB, Validators(Roster()).gates)
FORMATS = [text for forms in FORMS.values() for form in forms.values() for text, _, _ in islice(samples(form), 4)]
BLANKS = "\xa0\u2003\u2009\u202f\u205f\u3000\n"
# A heart of two characters, of which a plain text has one.
HEART = "\u2764\ufe0f"


def let_through(*texts: str) -> set[str]:
    query = f"SELECT text FROM (SELECT unnest($1) AS text) WHERE {GATE}"
    return {text for (text,) in DUCKDB.execute(query, [list(texts)]).fetchall()}


@pytest.mark.parametrize(
    "text",
    [
        "dob\n120580", "DOB:\r\n12051980", f"1/2/80 {HEART} dob", f"born {10 * HEART}1/2/80", "1/2/80 is\xa0my dob",
        "first May nineteen\xa0eighty, dob", "1/2/80 that\u200b’s my dob", "DO\ufe0fB 1/2/80", "d o b at 1/2/80",
        "d[.]o[.]b 1/2/80", "07123 then 9 then 12 four 56", "071-2, 391120 four", "07 seven 00 900123",
        "(0)7700 900 one 23", "07700[.]900123", "07700…900123", "07700\u3000900123", "07700\u200b–900123",
        "0 double… 7 00 900 123", "O77OO\xa09OO123", "nhs 943 four 76 5919", "nhs 943\xa0476\xa05919",
        "card 4111 1111 1111 one 111", "sort code 20-00-00 account 12345 six 78", "ni QQ 12 34 five six C",
        f"sort code 20-00-00{21 * HEART}12345678", "GB29\xa0NWBK\xa06016\xa01331\xa09268\xa019", "reg AB12\xa0CDE",
        "R\ufe0f1 ABC reg", "M1\xa01AE", "12\xa0Mill Road", "12 Mill\ufb01eld Road", "7 King\u200b’s Court",
        "35 Victoria\xa0\ufe0fPark", "CARD 3782 8…22  46310  005",
        "my address is s w 1 a 1 a a at the end", "jo\ufe6bxy.com", "jo@xy[.]com", "jo77 on\xa0gmail",
        "jo at xy.nhs dot wales", "jo_at_xy dot wales", "telegram.me/a", "t[.]me/a", f"BACP {HEART} reg 1234",
        "reg \U0001f130123 BCD", "jobloggsATgmailDOTcom",
    ],
)  # fmt: skip
def test_what_is_disguised_is_let_through(text: str) -> None:
    """Each of these was left aside once, or nearly."""
    assert find_entities(normalise(text).text), "nothing is to be found in it"
    assert let_through(text)


@pytest.mark.parametrize(
    "text",
    ["2,000,000,000 out of 7,000,000,000 people", "thanks @BrynAthletic” 👏", "a birthday, and but 1 cake",
     "P E A C E  &  L O V E", "Lovely.\xa0 See you\xa0there"],
)  # fmt: skip
def test_what_many_ordinary_texts_have_is_left_aside(text: str) -> None:
    """Each of these kept the validators busy in every fiftieth comment, and a long history waits for them."""
    assert not let_through(text)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A text with a number or an address, with up to three other blanks, characters that nobody sees, and points."""
    text = draw(st.sampled_from(FORMATS))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        blank, point = text.find(" ", at), text.find(".", at)
        if draw(st.booleans()) and blank >= 0:
            text = text[:blank] + draw(st.sampled_from(BLANKS)) + text[blank + 1 :]
        elif draw(st.booleans()) and point >= 0:
            text = text[:point] + draw(st.sampled_from(["[.]", " dot ", "(dot)", "\u2024"])) + text[point + 1 :]
        else:
            text = text[:at] + draw(st.sampled_from([*_INVISIBLE, HEART])) + text[at:]
    return text


@pytest.mark.slow
@given(disguised())
@settings(deadline=None, derandomize=True, max_examples=300)
def test_no_disguise_of_a_format_is_left_aside(text: str) -> None:
    """Whoever wants a number to stay there writes it so that no pattern knows it."""
    assert let_through(text) or not find_entities(normalise(text).text)


@example("write to jo77@practice dot example")
@example("jo77@practice . example, ta")
@example("jo77@p.example")
@example("jo77 @ gmail")
@given(TEXTS)
@settings(deadline=None)
def test_the_gate_before_the_validators_lets_through_whatever_these_find(text: str) -> None:
    """Several numbers and addresses, with what they are disguised with, in any order."""
    if find_entities(normalise(text).text):
        assert let_through(text)


def test_every_character_that_becomes_a_letter_or_a_digit_is_a_sign() -> None:
    """A telephone number in boxed digits is one too."""
    folded = {
        f"a{character}"
        for character in map(chr, range(0x80, sys.maxunicode + 1))
        if any(one.isascii() and one.isalnum() for one in unicodedata.normalize("NFKC", character))
    }
    # The long s and the sign of Kelvin are an s and a k for any case; nothing is written with the sign of a trade mark.
    assert folded - let_through(*folded) == {"a\u017f", "a\u212a", "a\u2122"}
    assert len(folded) > 1_000
