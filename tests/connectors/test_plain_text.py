"""Text out of HTML: the checks judge, and the Chair reads, what the author saw on the page."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plain_text import plain_text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("fine &amp; dandy", "fine & dandy"),
        ("I&#39;m &quot;here&quot; &#x1F49A; &eacute;", 'I\'m "here" 💚 é'),
        ("&amp;amp;lt;", "&amp;lt;"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&lt;b&gt;not bold&lt;/b&gt;", "<b>not bold</b>"),
    ],
)
def test_entities_are_resolved_exactly_once(written: str, expected: str) -> None:
    """Resolved twice, the words of somebody who writes about HTML would change; not at all, no name would match."""
    assert plain_text(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        ("<p>Anna</p><p>Bell</p>\n<p class='x'>Carr</p>", "Anna\nBell\nCarr"),
        ("<b>bold</b> and <strong>strong</strong>, <i>i</i> <em>em</em>", "bold and strong, i em"),
        ('see <a rel="nofollow" href="https://clinic.example/?a=1&amp;b=2">clinic.example</a>', "see clinic.example"),
        ('<span class="prefix">+</span>Robin', "+Robin"),
    ],
)
def test_formatting_goes_and_the_words_stay_apart(written: str, expected: str) -> None:
    """Two names run together would not be recognised, nor one with a tag in it."""
    assert plain_text(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "I <3 this",
        "1 < 2 > 0",
        "<my son> was there",
        "<a lot of people> said so",
        "<i think he is my client>",
        "<script>alert(1)</script>",
        "https://clinic.example/?id=1&copy=2&region=3&not=4",
        "R&D at B&B; Q&A;",
        "&madeup; &; &#; &#xZZ;",
        "a < b & c > d",
        "&#" + "1" * 5000 + ";",
        "&#x" + "f" * 5000 + ";",
    ],
)
def test_what_is_no_html_stays_as_it_was_written(written: str) -> None:
    """Words in angle brackets and addresses with & are evidence; a number of 5,000 digits once ended an import."""
    assert plain_text(written) == written


@pytest.mark.parametrize("reference", ["&#0;", "&#xD800;", "&#55296;", "&#x110000;", "&#9999999;"])
def test_no_reference_makes_a_character_that_cannot_be_stored(reference: str) -> None:
    """A NUL or half a character out of an entity would break the page on its way into the history."""
    assert plain_text(f"a{reference}b") == "a�b"


@given(st.text(max_size=60))
def test_any_text_comes_back_from_its_escaped_form(text: str) -> None:
    """What a platform escaped once is read as it was typed."""
    assert plain_text(escape(text)) == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<a ", "<a href=", "<br ", "</p> ", "&#", "&am", "<", "&lt;" * 20, "<p x=" + " " * 50]
)
def test_a_megabyte_of_broken_html_does_not_stall(piece: str) -> None:
    """A hostile line must not hold up the night."""
    plain_text(piece * (1_000_000 // len(piece)))
