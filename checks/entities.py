"""Telephone numbers, addresses, numbers of people: found by format and kept only where they are valid, or context says so.

A format alone means little: one number in eleven passes for an NHS number, "MP3 4GB" for a postcode, a date for a sort
code (reference "detection", 2.2 and 5.1). So each kind has a validator, and most need a word beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
import re2
import tldextract
from email_validator import EmailNotValidError, validate_email
from stdnum import luhn
from stdnum.gb import nhs

KINDS = (
    "phone", "email", "postcode", "street_address", "nhs_number", "nino", "bank_account", "date_of_birth",
    "member_number", "vehicle_registration", "message_link", "card_number",
)  # fmt: skip

# Helplines, and ACTO's own contacts, which are there to be passed on.
PUBLIC_NUMBERS = frozenset(
    ["116123", "08001111", "85258", "111", "999", "101", "112", "03001233393", "08000684141", "03003305488",
     "08088002222", "08082000247", "03003309030", "08456348080", "03300430043"]
)  # fmt: skip
PUBLIC_ADDRESSES = frozenset(["info@acto-org.uk", "chair@acto-org.uk", "jo@samaritans.org"])
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
# Ofcom's numbers for fiction, valid nowhere else, and used by every example and by the demo.
FICTION = ("07700900", "01632960", "02079460")
SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

_ANY_CASE = re2.Options()
_ANY_CASE.case_sensitive = False


def _any_case(pattern: str) -> Any:
    return re2.compile(pattern, _ANY_CASE)


MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = rf"(?:\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ](?:19|20)?\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTHS},? (?:19|20)?\d{{2}})"

_PHONE = re2.compile(r"(?:\+\s?44|\b0044|\(?\b0)[\d\s.\-()/]{8,22}")
_SHORT_NUMBER = re2.compile(r"\b(?:116\s?123|0800\s?1111|85258)\b")
_EMAIL = _any_case(r"\b[a-z0-9._%+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,10}\b")
_POSTCODE = _any_case(r"\b[a-pr-uwyz][a-hk-y]?[0-9][a-hjkpstuw0-9]?\s?[0-9][abd-hjlnp-uw-z]{2}\b")
_PLACE_WORD = _any_case(
    r"\b(?:post ?code|address|live[sd]?|living|come to|come round|near|street|st|road|rd|avenue|ave"
    r"|lane|close|drive|based|at|home|house|flat|cyfeiriad)\b"
)
HOUSE = (
    r"\b\d{1,4}[a-z]?,? (?:[a-z'’\-]{2,20} ){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|crescent|court|gardens?|grove|terrace|place|park|hill|way|walk"
    r"|rise|square|mews|row|view|bank|parade|green|gate|cottages)\b"
)
_STREET = _any_case(rf"(?:\bflat \d{{1,4}}[a-z]?,? )?{HOUSE}")
_NOT_A_STREET = _any_case(
    r"\b(?:years?|minutes?|mins|hours?|days?|weeks?|people|members|miles|of the|in a|on the|a|the|and|to|per|my)\b"
)
_NHS = re2.compile(r"\b\d{3}[ \-]?\d{3}[ \-]?\d{4}\b")
_NHS_WORD = _any_case(r"\bnhs\b")
# QQ is HMRC's prefix for specimens.
_NINO = _any_case(r"\b(?:qq|[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z])\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b")
_BANK = _any_case(r"\b\d{2}[ \-]\d{2}[ \-]\d{2}\b\D{0,40}\b\d{8}\b|\b\d{8}\b\D{0,40}\b\d{2}[ \-]\d{2}[ \-]\d{2}\b")
_BANK_WORD = _any_case(
    r"\b(?:sort ?code|acc(?:oun)?t|bank|bacs|a/c|refund|transfer|monzo|barclays|lloyds|natwest|hsbc|santander)\b"
)
_BIRTH = _any_case(rf"\b(?:dob|d\.o\.b\.?|date of birth|dyddiad geni|born(?: on)?|birthday)\b.{{0,16}}?({DATE})")
_MEMBER = _any_case(
    r"\b(?:bacp|ukcp|acto|ncps|hcpc|bpc)\b\W{0,3}(?:reg(?:istered|istration)?|member(?:ship)?|accred(?:ited)?)\W{0,3}"
    r"(?:no\.?|number|id|#)?\W{0,3}(?:is )?\d{4,9}\b"
)
_VEHICLE = _any_case(r"\b[a-z]{2}[0-9]{2}\s?[a-z]{3}\b")
_VEHICLE_WORD = _any_case(
    r"\b(?:reg|registration|number ?plate|plate|car|van|corsa|fiesta|polo|golf|astra|audi|bmw|mini|parked|drives?)\b"
)
_LINK = _any_case(
    r"\b(?:wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|m\.me|t\.me|telegram\.me|join\.skype\.com|signal\.me|discord\.gg|ig\.me)/[\w+\-./?=&]{1,80}"
)
_CARD = re2.compile(r"\b(?:\d[ \-]?){12,18}\d\b")
_CARD_WORD = _any_case(r"\b(?:card|visa|mastercard|debit|credit|expiry|cvv|cvc)\b")


@dataclass(frozen=True, slots=True)
class Published:
    """Contacts that may be passed on: helplines, ACTO's own, and what members permit of their practice."""

    numbers: frozenset[str] = PUBLIC_NUMBERS
    addresses: frozenset[str] = PUBLIC_ADDRESSES

    def with_contacts(self, phones: list[str], addresses: list[str]) -> Published:
        """These and the given practice contacts."""
        return Published(
            self.numbers | {_digits(phone) for phone in phones}, self.addresses | {one.lower() for one in addresses}
        )


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


def find_entities(text: str, published: Published = Published()) -> list[Entity]:
    """What `text` (in its normalised form) holds, in the order of KINDS; a place counts for one kind only."""
    found: list[Entity] = []
    for finder in _FINDERS:
        for entity in finder(text, published):
            if not any(entity.start_char < other.end_char and other.start_char < entity.end_char for other in found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity.start_char)


def _digits(text: str) -> str:
    digits = "".join(character for character in text if character.isdigit())
    if digits.startswith("0044"):
        digits = "0" + digits[4:]
    elif digits.startswith("44") and text.lstrip().startswith("+"):
        digits = "0" + digits[2:]
    return digits


def _near(pattern: Any, text: str, start: int, end: int, before: int = 40, after: int = 20) -> bool:
    return bool(pattern.search(text[max(0, start - before) : start]) or pattern.search(text[end : end + after]))


def _phones(text: str, published: Published) -> Iterator[Entity]:
    for match in _SHORT_NUMBER.finditer(text):
        yield Entity("phone", match.start(), match.end(), _digits(match.group()), published=True)
    for match in _PHONE.finditer(text):
        start, end = match.span()
        digits = _digits(match.group().replace("(0)", ""))
        if start and text[start - 1].isdigit():
            continue
        for length in (11, 10):
            number = digits[:length]
            if len(number) == length and (number.startswith(FICTION) or _is_phone(number)):
                yield Entity(
                    "phone", start, _end_of_digits(text, start, end, number), number, number in published.numbers
                )
                break


def _is_phone(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def _end_of_digits(text: str, start: int, end: int, number: str) -> int:
    """Where the last digit of `number` stands: the match may have run on into other digits or blanks."""
    raw_digits = sum(character.isdigit() for character in text[start:end])
    extra = raw_digits - len(number) - (1 if text[start:end].lstrip().startswith("+") else 0)
    position = end
    while position > start and (extra > 0 or not text[position - 1].isdigit()):
        extra -= text[position - 1].isdigit()
        position -= 1
    return position


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
    for match in _CARD.finditer(text):
        digits = _digits(match.group())
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits) and _near(_CARD_WORD, text, match.start(), match.end()):
            yield Entity("card_number", match.start(), match.end(), digits)


def _nhs_numbers(text: str, _: Published) -> Iterator[Entity]:
    for match in _NHS.finditer(text):
        if nhs.is_valid(_digits(match.group())) and _near(_NHS_WORD, text, match.start(), match.end()):
            yield Entity("nhs_number", match.start(), match.end(), _digits(match.group()))


def _ninos(text: str, _: Published) -> Iterator[Entity]:
    for match in _NINO.finditer(text):
        value = match.group().upper().replace(" ", "")
        if not value.startswith(("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")):
            yield Entity("nino", match.start(), match.end(), value)


def _bank_accounts(text: str, _: Published) -> Iterator[Entity]:
    for match in _BANK.finditer(text):
        if _BANK_WORD.search(text):
            yield Entity("bank_account", match.start(), match.end(), _digits(match.group()))


def _births(text: str, _: Published) -> Iterator[Entity]:
    for match in _BIRTH.finditer(text):
        yield Entity("date_of_birth", match.start(1), match.end(1), match.group(1))


def _members(text: str, _: Published) -> Iterator[Entity]:
    for match in _MEMBER.finditer(text):
        yield Entity("member_number", match.start(), match.end(), _digits(match.group()))


def _vehicles(text: str, _: Published) -> Iterator[Entity]:
    for match in _VEHICLE.finditer(text):
        if _near(_VEHICLE_WORD, text, match.start(), match.end(), after=30):
            yield Entity("vehicle_registration", match.start(), match.end(), match.group().upper().replace(" ", ""))


def _streets(text: str, _: Published) -> Iterator[Entity]:
    for match in _STREET.finditer(text):
        # "20 minutes down the road" has the shape of an address.
        if not _NOT_A_STREET.search(match.group()):
            yield Entity("street_address", match.start(), match.end(), match.group())


def _postcodes(text: str, _: Published) -> Iterator[Entity]:
    for match in _POSTCODE.finditer(text):
        value = match.group()
        area = value[: 1 if value[1].isdigit() else 2]
        written_so = value.isupper() and " " in value and area in POSTCODE_AREAS
        if written_so or _near(_PLACE_WORD, text, match.start(), match.end(), after=0):
            yield Entity("postcode", match.start(), match.end(), value.upper())


def _links(text: str, _: Published) -> Iterator[Entity]:
    for match in _LINK.finditer(text):
        yield Entity("message_link", match.start(), match.end(), match.group())


Finder = Callable[[str, Published], Iterator[Entity]]
# The more a kind proves of itself, the earlier it takes its place.
_FINDERS: tuple[Finder, ...] = (
    _emails, _card_numbers, _bank_accounts, _nhs_numbers, _ninos, _births, _members, _phones, _streets, _postcodes,
    _vehicles, _links,
)  # fmt: skip

# What a text must show, at least, to hold any of these: the part of the SQL gate that is about formats.
GATE = (
    r"@|\b0\d{2,4}[\s.\-()/]?\d{3}|\+\s?44|\b0044|\b116\s?123|\b85258"
    r"|\b[a-pr-uwyz][a-hk-y]?[0-9][a-hjkpstuw0-9]?\s?[0-9][abd-hjlnp-uw-z]{2}\b"
    rf"|{HOUSE}"
    r"|\b\d{3}[ \-]?\d{3}[ \-]?\d{4}\b|\b[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b|\b\d{2}[ \-]\d{2}[ \-]\d{2}\b"
    r"|\b(?:dob|d\.o\.b|date of birth|dyddiad geni|born|birthday)\b"
    r"|\b(?:bacp|ukcp|acto|ncps|hcpc|bpc)\b\W{0,3}(?:reg|member|accred)|\b[a-z]{2}[0-9]{2}\s?[a-z]{3}\b"
    r"|\b(?:wa|m|t|signal|ig)\.me/|whatsapp\.com/|discord\.gg/|join\.skype"
)
# Signs of a text that is not as it seems: normalising may bring something to light.
DISGUISES = (
    r"[\x{200b}-\x{200f}\x{2060}\x{feff}\x{ad}\x{20e3}\x{ff01}-\x{ff5e}\x{1d400}-\x{1d7ff}]"
    r"|\b(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)(?:[\s,.\-/]+(?:zero|oh|nought|one|two"
    r"|three|four|five|six|seven|eight|nine|double|triple|\d)){5}"
    r"|[(\[{<]\s?(?:at|dot)\s?[)\]}>]|\bat\s[a-z0-9\-]{2,30}\sdot\b|\b[0o][0-9oil|]{9,12}\b"
)
