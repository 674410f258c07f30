"""How much of a post is in the mail: by clause, and never more than the quietest of its flags allows."""

from __future__ import annotations

import re

from tests.flows.night import Night, a_night


def test_a_clause_that_can_expose_clients_keeps_the_words_of_its_posts_out(night: Night) -> None:
    """The same words would otherwise be quoted for the post's other flag."""
    a_night(night)
    other = night.item("c3", "Message me on WhatsApp about your notes")
    night.flag(other, "WhatsApp about your notes", "O2")
    report = night.compose(level_by_clause={"O3": "notice", "S1": "notice"})
    for text in (report.plain, report.html):
        assert "tablets" not in text and "private Insta" not in text and "seeing you on Tuesday" not in text
        assert "confirms a session" not in text
        assert text.count("Its words stay out of this mail") == 2
        assert "WhatsApp about your notes" in text
        assert "Something about a client that should stay confidential" in text, "what was found is said all the same"


def test_a_clause_can_be_shown_in_full_while_the_rest_is_masked(night: Night) -> None:
    a_night(night)
    plain = re.sub(r"[\s>]+", " ", night.compose(level_by_clause={"S1": "full"}).plain)
    assert "07700 900123" in plain and "Rosalind" not in plain


def test_what_is_not_masked_is_said(night: Night) -> None:
    """Told that names are masked, the Chair forwards the very mail in which they stand."""
    a_night(night)
    for level_by_clause, said in (
        ({"S1": "notice"}, "Names and contact details are masked."),
        ({"S1": "full"}, "Names and contact details are masked, but not under S1."),
    ):
        report = night.compose(level_by_clause=level_by_clause)
        for text in (report.plain, report.html):
            assert f"it is about people. {said}" in " ".join(text.split())
    assert "are masked" not in night.compose(level="full").plain


def test_a_concern_says_nothing_of_who_raised_it(night: Night) -> None:
    """The Chair knows who told her; “a member of the public” would be invented, and often is a member."""
    concern = night.item("c1", "The list lies on a public drive", platform="concern", source="concerns", kind="mention")
    night.flag(concern, "public drive", "O2")
    night.read()
    report = night.compose()
    for text in (report.plain, report.html):
        assert "Concern raised with the Chair, 21 Nov 2026 at 01:30" in text and "member of the public" not in text
