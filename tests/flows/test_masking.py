"""What the report may show of a text: enough to understand it, nothing to identify or reach anybody by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.excerpt import excerpt
from flows.masking import Mask, clean

MASK = Mask(["Rosalind Pryce", "Siân Ó Briain", "Will Young", "Łukasz Wójcik", "desokafor_x"])


@pytest.mark.parametrize(
    "secret",
    [
        "07700 900123", "07700900123", "+44 (0)7700 900 123", "0 7 7 0 0 9 0 0 1 2 3", "０７７００９００１２３",
        "07700\u200b900123",
        "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", "07700.900.123", "485 777 3456", "12-34-56", "12/03/1985",
        "jo.bloggs@practice.example", "jo.bloggs at practice dot com", "www.practice.example/jo", "https://wa.me/447700",
        "practice.co.uk/jo", "@jo_bloggs", "NW1 6XE", "nw16xe", "AB 12 34 56 C", "Rosalind Pryce", "ROSALIND",
        "rosalind", "#RosalindPryce", "Sian", "SIÂN", "Will Young", "will young", "Łukasz", "desokafor_x",
        "Oliver Thornbury", "oliverbrandt.therapy", "sarahjones.online", "annareid.ie", "annareid.counselling",
        "jane.smith.eu", "anna_reid.coach/fees", "SARAHJONES.ONLINE", "sarahjones.Online", "annareid.wales.Thanks",
    ],
)  # fmt: skip
def test_a_secret_is_not_shown(secret: str) -> None:
    """One leaked name or number in a forwarded mail is a breach to report."""
    shown = MASK.text(f"he said that {secret} is what you want")
    assert secret.lower() not in shown.lower()
    assert not any(char.isdigit() for char in shown)
    assert shown.startswith("he said that ") and shown.endswith(" is what you want")


@pytest.mark.parametrize(
    "text",
    ["my client Oliver came", "my client May came", "a client called oliver came", "Oliver told me so", "Dr Hope"],
)
def test_a_client_is_not_named(text: str) -> None:
    shown = MASK.text(text).lower()
    assert not {"oliver", "may", "hope"} & set(shown.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Oliver cancelled his session again.", "O- cancelled his session again."),
        ("Sarah texted me on WhatsApp about her notes", "S- texted me on WhatsApp about her notes"),
        ("Priya wants the invoice by DM", "P- wants the invoice by DM"),
        ("Megan: send me your form", "M-: send me your form"),
        ("Niamh, Kwame and Agnieszka will come", "N-, K- and A- will come"),
        ("my client oliver sent me his form", "my client O- sent me his form"),
        ("so oliver cancelled again", "so O- cancelled again"),
        ("Daisy cancelled. hi daisy! a daisy chain", "D- cancelled. hi D-! a daisy chain"),
        ("Mark cancelled again", "M- cancelled again"),
        ("JANE SMITH IS MY CLIENT", "J- S- IS MY CLIENT"),
        ("ask Jane SMITH", "ask J- S-"),
    ],
)
def test_a_first_name_is_hidden_wherever_it_stands(text: str, shown: str) -> None:
    """A client's name that begins a sentence, or has no capital letter, would stand in a mail that says names are masked."""
    assert MASK.text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Pop your date of birth and address below", "Send me a WhatsApp on Tuesday please", "I AM SO ANGRY WITH YOU",
        "Could you be at the ACTO talk?", "my client said that she is better", "Zoom is great. Thanks!", "diolch 🏳️‍🌈",
        "Mark my words. Hope you can come. Grant us a wish", "Mae hi’n braf", "a rose by the lily pond", "I don’t know",
        "i am fine.Thanks", "she is fine.So am i", "at 3.30pm, e.g. on the 2.1 mile walk... and/or i.e. so",
    ],
)  # fmt: skip
def test_what_names_nobody_can_be_read(text: str) -> None:
    """A report of nothing but masks helps nobody."""
    assert MASK.text(text) == text


def test_full_hides_nothing() -> None:
    text = "Rosalind Pryce, 07700 900123"
    assert Mask(["Rosalind Pryce"], everything_shown=True).text(text) == text


def test_hostile_characters_are_gone_and_lines_joined() -> None:
    """A line break could forge a header or another finding; a direction mark can turn a sentence round."""
    assert clean("a\u202eb\u2066c\x00d\x1b[31m\r\nBcc: x\ud800\u2028y") == "abcd[31m Bcc: x y"


def test_an_excerpt_masks_before_it_cuts() -> None:
    """Half a telephone number in the evidence leaves the other half in the context."""
    text = "please call 07700 900123 tonight"
    start = text.index("900")
    cut = excerpt(text, start, start + 6, MASK)
    assert (cut.before, cut.evidence, cut.after) == ("please call ", "[number]", " tonight")


def test_an_excerpt_keeps_ten_words_each_side() -> None:
    words = [f"w{'abcdefghij'[number % 10]}" for number in range(60)]
    text = " ".join(words)
    start = len(" ".join(words[:30])) + 1
    cut = excerpt(text, start, start + 2, MASK)
    assert cut.evidence == words[30]
    assert cut.before == "…" + " ".join(words[20:30]) + " "
    assert cut.after == " " + " ".join(words[31:41]) + "…"


def test_long_evidence_still_has_five_words_each_side() -> None:
    """Without "she made up that" before it, what was found reads as a confession."""
    text = f"I think that she made up that {'he told everybody ' * 9}so nobody should take it for true"
    cut = excerpt(text, text.index("he told"), text.index("so nobody"), MASK)
    assert cut.before == "I think that she made up that " and cut.after == "so nobody should take it for true"


@given(
    st.text(st.sampled_from("ab 07\n@.AZé👍\u202e\u200b\ud800"), max_size=400), st.integers(0, 400), st.integers(0, 400)
)
def test_an_excerpt_of_anything_is_short_and_on_one_line(text: str, one: int, other: int) -> None:
    cut = excerpt(text, min(one, other), max(one, other), MASK)
    assert len(cut.text) <= 240
    assert not set(cut.text) & set("\n\u202e\ud800\u200b")
