"""Telephone numbers, addresses, numbers of people: found by format and kept only where they are valid, or context says so.

A format alone means little: one number in eleven passes for an NHS number, "MP3 4GB" for a postcode, a date for a sort
code (reference "detection", 2.2 and 5.1). So each kind has a validator, and most need a word beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import re2
import tldextract
from email_validator import EmailNotValidError, validate_email
from stdnum import iban, luhn
from stdnum.gb import nhs

from checks.formats import (
    BANK,
    BIRTHS,
    CARD,
    EMAIL,
    HOUSE,
    IBAN,
    LINK,
    MEMBER,
    NHS,
    NINO,
    NUMBER,
    OLD_VEHICLE,
    POSTCODE,
    SHORT_NUMBER,
    SOFT_TYPES,
    VEHICLE,
)
from checks.phrases import Signs, any_case
from checks.published import PUBLIC, Published
from checks.telephone import digits_in, numbers_in

KINDS = (
    "phone", "email", "postcode", "street_address", "nhs_number", "nino", "bank_account", "date_of_birth",
    "member_number", "vehicle_registration", "message_link", "card_number",
)  # fmt: skip

# Royal Mail's postcode areas: "MP3 4GB" has the format and is a music player.
POSTCODE_AREAS = frozenset(
    ["AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB", "CF", "CH", "CM", "CO",
     "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY",
     "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW",
     "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW",
     "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO",
     "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF",
     "WN", "WR", "WS", "WV", "YO", "ZE"]
)  # fmt: skip
SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_SHORT_NUMBER = re2.compile(SHORT_NUMBER)
_EMAIL = any_case(EMAIL)
_POSTCODE = any_case(POSTCODE)
_POSTCODE_WORD = any_case(r"\b(?:post ?code|cod post|address)\b")
# "the M25 2nd exit"
_ORDINAL = re2.compile(r"(?:1st|2nd|3rd|[04-9]th)$")
_PLACE_WORD = any_case(
    r"\b(?:post ?code|address|live[sd]?|living|come to|come round|near|street|st|road|rd|avenue|ave"
    r"|lane|close|drive|based|at|home|house|flat|cyfeiriad|cod post|byw)\b"
)
_STREET = any_case(rf"(?:\b(?:flat|apartment|apt|unit) \d{{1,4}}[a-z]?,?\s)?{HOUSE}")
_SOFT = any_case(rf"\b(?:{SOFT_TYPES})$")
_NOT_A_STREET = any_case(
    r"\b(?:years?|minutes?|mins|hours?|days?|weeks?|months?|people|members|miles?|million|thousand|hundred|percent|of|in|on|at"
    r"|from|the|a|and|or|to|per|my|very|am|pm)\b"
)
_TO_A_STREET = any_case(
    r"\b(?:send|sent|post|posted|deliver(?:ed)?|move[ds]?|moving|come|go|went|round)\b.{0,12} to\W{1,3}$"
)
_THE_STREET = re2.compile(r"^(?:.{0,20}\s)?\d{1,4} ?[a-z]?,? The [A-Z][a-z]+$")
_NHS = any_case(NHS)
_NHS_WORDS = r"nhs|n\.h\.s|rhif gig|national health"
_NHS_WORD = any_case(rf"\b(?:{_NHS_WORDS})\b")
_ABOUT_NHS = Signs([_NHS_WORDS])
_NINO = any_case(NINO)
_BANK = any_case(BANK)
_BANK_WORD = any_case(
    r"\b(?:sort ?code|s/c|acc(?:oun)?t|acc|bank|bacs|a/c|refund|transfer|monzo|barclays|lloyds|natwest|hsbc|santander"
    r"|nationwide|halifax|starling|tsb)\b"
)
_SORT_WORD = any_case(r"\bsort ?codes?\b|\bs/c\b|\bsort\W{1,3}\d\d")
# "Refunded on 12-10-24, order 12345678": a date is a sort code only where the words say so.
_DATE_OR_PLAIN = re2.compile(r"(?:^|\D)(?:(?:0[1-9]|[12]\d|3[01])\D{1,3}(?:0[1-9]|1[0-2])\D{1,3}\d{2}|\d{6})(?:$|\D)")
_IBAN = any_case(IBAN)
_BIRTHS = tuple(any_case(pattern) for pattern in BIRTHS)
_MEMBER = any_case(MEMBER)
_VEHICLE = any_case(VEHICLE)
_OLD_VEHICLE = re2.compile(OLD_VEHICLE)
_PLATE_WORD = any_case(r"\b(?:reg|registration|(?:number )?plates?)\b")
_VEHICLE_WORD = any_case(
    r"\b(?:reg|registration|number ?plate|plate|car|van|corsa|fiesta|polo|golf|astra|audi|bmw|mini|parked|drives?)\b"
)
_LINK = any_case(LINK)
_CARD = any_case(CARD)
_CARD_WORDS = "card|visa|mastercard|debit|credit|expiry|cvv|cvc|amex"
_CARD_WORD = any_case(rf"\b(?:{_CARD_WORDS})\b")
_ABOUT_CARDS = Signs([_CARD_WORDS])


@dataclass(frozen=True, slots=True)
class Entity:
    """One finding: `kind` of KINDS, its span in the text, its plain value, and whether it is a published contact."""

    kind: str
    start_char: int
    end_char: int
    value: str
    published: bool = field(default=False)

    def as_row(self) -> dict[str, Any]:
        """As the rows of a check hold it."""
        return {
            "kind": self.kind,
            "start_char": self.start_char,
            "end_char": self.end_char,
            "value": self.value,
            "published": self.published,
        }


def find_entities(text: str, published: Published = PUBLIC, formats: Sequence[int] | None = None) -> list[Entity]:
    """What `text` (in its normalised form) holds, in the order of the text; a place counts for one kind only.

    `formats` are those of FORMATS, by their place and in their order, that are in it; None where nobody has looked.
    """
    found: list[Entity] = []
    taken = bytearray(len(text))
    for sign in _SIGNS.found_in(text) if formats is None else formats:
        for entity in _FINDERS[sign][1](text, published):
            place = slice(entity.start_char, entity.end_char)
            if not any(taken[place]):
                taken[place] = b"\x01" * len(taken[place])
                found.append(entity)
    return sorted(found, key=lambda entity: entity.start_char)


def _near(pattern: Any, text: str, start: int, end: int, before: int = 40, after: int = 20) -> bool:
    return bool(pattern.search(text[max(0, start - before) : start]) or pattern.search(text[end : end + after]))


def _phones(text: str, published: Published) -> Iterator[Entity]:
    for match in _SHORT_NUMBER.finditer(text):
        yield Entity("phone", match.start(), match.end(), digits_in(match.group()), published=True)
    for start, end, number in numbers_in(text):
        yield Entity("phone", start, end, number, number in published.numbers)


def _emails(text: str, published: Published) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        address = match.group().lower()
        domain = address.rpartition("@")[2]
        if not domain.endswith(".example") and not SUFFIXES(domain).suffix:
            continue
        try:
            validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            if not domain.endswith(".example"):
                continue
        yield Entity("email", match.start(), match.end(), address, address in published.addresses)


def _card_numbers(text: str, _: Published) -> Iterator[Entity]:
    # Many links have such a number, and no word of a card anywhere.
    if not _ABOUT_CARDS.any_in(text):
        return
    for match in _CARD.finditer(text):
        (start, end), digits = match.span(1), digits_in(match.group(1))
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits) and _near(_CARD_WORD, text, start, end):
            yield Entity("card_number", start, end, digits)


def _nhs_numbers(text: str, _: Published) -> Iterator[Entity]:
    if not _ABOUT_NHS.any_in(text):
        return
    for match in _NHS.finditer(text):
        (start, end), digits = match.span(1), digits_in(match.group(1))
        if nhs.is_valid(digits) and _near(_NHS_WORD, text, start, end):
            yield Entity("nhs_number", start, end, digits)


def _ninos(text: str, _: Published) -> Iterator[Entity]:
    for match in _NINO.finditer(text):
        value = _bare(match.group())
        if not value.startswith(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")):
            yield Entity("nino", match.start(), match.end(), value)


def _bank_accounts(text: str, _: Published) -> Iterator[Entity]:
    for match in _IBAN.finditer(text):
        if iban.is_valid(_bare(match.group())):
            yield Entity("bank_account", match.start(), match.end(), _bare(match.group()))
    if not _BANK_WORD.search(text):
        return
    sort_code = bool(_SORT_WORD.search(text))
    for match in _BANK.finditer(text):
        found = match.group()
        # "20-03-18 82206968": nothing but the two numbers, side by side.
        beside = re2.search(r"^\d\d\D", found) and not re2.search(r"[a-zA-Z]", found)
        if sort_code or beside or not _DATE_OR_PLAIN.search(found):
            yield Entity("bank_account", match.start(), match.end(), digits_in(match.group()))


def _births(text: str, _: Published) -> Iterator[Entity]:
    for pattern in _BIRTHS:
        for match in pattern.finditer(text):
            yield Entity("date_of_birth", match.start(1), match.end(1), match.group(1))


def _members(text: str, _: Published) -> Iterator[Entity]:
    for match in _MEMBER.finditer(text):
        yield Entity("member_number", match.start(), match.end(), digits_in(match.group()))


def _vehicles(text: str, _: Published) -> Iterator[Entity]:
    for pattern, words, reach in ((_VEHICLE, _VEHICLE_WORD, 30), (_OLD_VEHICLE, _PLATE_WORD, 15)):
        for match in pattern.finditer(text):
            if _near(words, text, match.start(), match.end(), before=reach + 10, after=reach):
                yield Entity("vehicle_registration", match.start(), match.end(), _bare(match.group()))


def _bare(text: str) -> str:
    """Capital letters and digits only."""
    return "".join(character for character in text.upper() if character.isalnum())


def _streets(text: str, _: Published) -> Iterator[Entity]:
    for match in _STREET.finditer(text):
        found = match.group()
        # "20 minutes down the road" has the shape of an address.
        if _NOT_A_STREET.search(found) and not _THE_STREET.search(found):
            continue
        words = re2.findall(r"[A-Za-z’']{2,}", found)
        named = all(word[0].isupper() for word in (words if _SOFT.search(found) else words[:-1]))
        if named or _is_a_place(text, match.start(), match.end()):
            yield Entity("street_address", match.start(), match.end(), found)


def _is_a_place(text: str, start: int, end: int) -> bool:
    """Whether the words around say so: "10 high street shops" is none, "at 10 high street" and "10 high street, LS1 4AP" are."""
    before = text[max(0, start - 40) : start]
    return bool(_PLACE_WORD.search(before) or _TO_A_STREET.search(before) or _POSTCODE.search(text[end : end + 30]))


def _postcodes(text: str, _: Published) -> Iterator[Entity]:
    for match in _POSTCODE.finditer(text):
        value = match.group()
        area = value[: 1 if value[1].isdigit() else 2]
        if _POSTCODE_WORD.search(text[match.end() : match.end() + 20]):
            sure = True
        elif _ORDINAL.search(value):
            sure = False
        else:
            written_so = value.isupper() and " " in value and area in POSTCODE_AREAS
            sure = written_so or _near(_PLACE_WORD, text, match.start(), match.end(), after=0)
        if sure:
            yield Entity("postcode", match.start(), match.end(), value.upper())


def _links(text: str, _: Published) -> Iterator[Entity]:
    for match in _LINK.finditer(text):
        yield Entity("message_link", match.start(), match.end(), match.group())


Finder = Callable[[str, Published], Iterator[Entity]]
# By the format that it starts from. The more a kind proves of itself, the earlier it takes its place.
_FINDERS: tuple[tuple[str, Finder], ...] = (
    (EMAIL, _emails),
    (CARD, _card_numbers),
    (f"{IBAN}|{BANK}", _bank_accounts),
    (NHS, _nhs_numbers),
    (NINO, _ninos),
    ("|".join(BIRTHS), _births),
    (MEMBER, _members),
    (rf"{SHORT_NUMBER}|(?:^|[^0-9]){NUMBER}", _phones),
    (HOUSE, _streets),
    (POSTCODE, _postcodes),
    (f"{VEHICLE}|{OLD_VEHICLE}", _vehicles),
    (LINK, _links),
)
# What a finder looks at, its own format finds: the others need not look at all.
FORMATS = tuple(pattern for pattern, _ in _FINDERS)
_SIGNS = Signs(FORMATS)
