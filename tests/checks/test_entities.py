"""Contacts and numbers: found where they are valid or context says so, and left alone where the format is a coincidence."""

from __future__ import annotations

import time

import pytest

from checks.disguises import normalise
from checks.entities import find_entities
from checks.roster import Roster


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start_char : one.end_char]) for one in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ring me on 07700 900 123 any time", [("phone", "07700 900 123")]),
        ("+44 7700 900123", [("phone", "+44 7700 900123")]),
        ("mail jo.bloggs@practice.example today", [("email", "jo.bloggs@practice.example")]),
        ("we live at 14 Orchard Close, WX9 4TQ", [("street_address", "14 Orchard Close"), ("postcode", "WX9 4TQ")]),
        ("my NHS number is 943 476 5919", [("nhs_number", "943 476 5919")]),
        ("NI: QQ 12 34 56 C", [("nino", "QQ 12 34 56 C")]),
        ("sort code 20-00-00 account 55779911", [("bank_account", "20-00-00 account 55779911")]),
        ("dob 3/4/1987", [("date_of_birth", "3/4/1987")]),
        ("chat at wa.me/447700900123", [("message_link", "wa.me/447700900123")]),
        ("my card 4111 1111 1111 1111 was charged", [("card_number", "4111 1111 1111 1111")]),
        ("BACP registration number 123456", [("member_number", "BACP registration number 123456")]),
        ("parked the car, reg AB12 CDE", [("vehicle_registration", "AB12 CDE")]),
    ],
)
def test_what_gives_somebody_away_is_found_where_it_stands(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Order 4556 7375 8689 9855 has not arrived",
        "The NHS paid 1234567890 pounds last year",
        "Bought an MP3 4GB player",
        "20 minutes down the road",
        "Ten years of service, 2016-2026",
        "Meeting 12-10-26 about 12345678 things",
        "ISBN 9780141036144",
        "https://example.org/watch?v=AB12CDE",
        "Call 0800 or the other one",
        "@someone you are right",
        "he is 45 this year",
    ],
)
def test_a_format_alone_is_nothing(text: str) -> None:
    """One number in eleven passes for an NHS number: without context the report would be full of false alarms."""
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["Samaritans 116 123", "mail chair@acto-org.uk", "Childline 0800 1111"])
def test_helplines_and_official_contacts_are_published(text: str) -> None:
    assert [one.published for one in find_entities(text)] == [True]


def test_a_practice_contact_is_published_only_where_the_member_permits_it(roster: Roster) -> None:
    """The permission register decides, not whether a number looks like a practice's."""
    ros, mairead = "020 7946 0301", "020 7946 0303"
    found = find_entities(f"ring {ros} or {mairead}", roster.published)
    assert [one.published for one in found] == [True, False]


@pytest.mark.parametrize("piece", ["0", "07700 ", "a@", "1 a ", "943 ", "flat 1, ", "12-34-56 ", "born ", "wa.me/"])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """A single comment must not be able to stop the night."""

    def seconds(length: int) -> float:
        text = normalise(piece * (length // len(piece))).text
        started = time.thread_time()
        find_entities(text)
        return time.thread_time() - started

    seconds(500)
    short, long = min(seconds(2_000) for _ in range(3)), seconds(20_000)
    assert long < 40 * max(short, 0.005)
