"""Forms in which people write their telephone numbers, addresses and numbers, also disguised; and what only looks like them.

A form writes one sentence with an invented value in «», so that a test knows where it stands. Values are valid: numbers that
Ofcom keeps for fiction, `.example` and unused addresses, NHS numbers and cards with the right last digit.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from random import Random

from stdnum import luhn
from stdnum.gb import nhs

from checks.disguises import normalise
from checks.entities import find_entities

Form = Callable[[Random], str]
VALUES = 20

_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_SAID = dict(zip(string.digits, _WORDS, strict=True))
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"]
_NAMES = ["jo", "sam", "priya", "gwen", "ali", "morag"]
_SURNAMES = ["bloggs", "okafor", "prosser", "dhaliwal", "strachan", "quill"]
_STREETS = ["Orchard", "Mill", "Station", "Church", "Victoria", "Bramble"]


def _digits(rng: Random, count: int, among: str = string.digits) -> str:
    return "".join(rng.choices(among, k=count))


def _mobile(rng: Random) -> str:
    return f"07700900{_digits(rng, 3)}"


def _landline(rng: Random) -> tuple[str, str]:
    code, start = rng.choice([("01632", "960"), ("020", "79460")])
    return code, start + _digits(rng, 3)


def _pieces(number: str, between: str) -> str:
    return between.join([number[:5], number[5:8], number[8:]])


def _words(digits: str, zero: str = "zero", between: str = " ") -> str:
    return between.join((_SAID | {"0": zero})[digit] for digit in digits)


def _doubled(digits: str) -> str:
    """Digits in words, two or three of a kind as they are read out."""
    words, position = [], 0
    while position < len(digits):
        run = len(digits[position:]) - len(digits[position:].lstrip(digits[position]))
        run = min(run, 3)
        words.append(["", "double ", "triple "][run - 1] + _SAID[digits[position]])
        position += run
    return " ".join(words)


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def _unseen(text: str) -> str:
    return text[:3] + "\u200b" + text[3:7] + "\u2060" + text[7:]


def _name(rng: Random) -> str:
    return f"{rng.choice(_NAMES)}.{rng.choice(_SURNAMES)}"


def _one_word(rng: Random) -> str:
    return rng.choice(_NAMES) + rng.choice(_SURNAMES)


def _domain(rng: Random) -> str:
    return rng.choice(["gmail.com", "hotmail.co.uk", "practice.example", "outlook.com", "calm-rooms.example"])


def _postcode(rng: Random) -> tuple[str, str]:
    out = rng.choice(["LS1", "SW1A", "CF10", "M20", "EH9", "BS6", "N1", "WC2H"])
    return out, rng.choice(string.digits) + _letters(rng, 2, "ABDEFGHJLNPQRSTUWXYZ")


def _letters(rng: Random, count: int, among: str = string.ascii_uppercase) -> str:
    return "".join(rng.choices(among, k=count))


def _street(rng: Random, types: str = "Road Street Lane Close Avenue Drive Terrace Court") -> str:
    return f"{rng.randint(1, 240)} {rng.choice(_STREETS)} {rng.choice(types.split())}"


def _nhs(rng: Random) -> tuple[str, str, str]:
    while True:
        number = "9" + _digits(rng, 9)
        if nhs.is_valid(number):
            return number[:3], number[3:6], number[6:]


def _nino(rng: Random, between: str = "") -> str:
    return between.join(["QQ", _digits(rng, 2), _digits(rng, 2), _digits(rng, 2), rng.choice("ABCD")])


def _sort_code(rng: Random, between: str = "-") -> str:
    return between.join([rng.choice(["20", "40", "60", "77"]), _digits(rng, 2), _digits(rng, 2)])


def _account(rng: Random) -> str:
    return _digits(rng, 1, "123456789") + _digits(rng, 7)


def _iban(rng: Random) -> str:
    rest = "NWBK" + _digits(rng, 14)
    as_number = "".join(str(int(one, 36)) for one in rest + "GB00")
    return f"GB{98 - int(as_number) % 97:02}{rest}"


def _birth(rng: Random) -> tuple[int, int, int]:
    return rng.randint(1, 28), rng.randint(1, len(_MONTHS)), rng.randint(1940, 2010)


def _short_birth(rng: Random) -> tuple[int, int, int]:
    day, month, year = _birth(rng)
    return day, month, year % 100


def _th(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _card(rng: Random, start: str = "4", length: int = 16) -> str:
    first = start + _digits(rng, length - 1 - len(start))
    return first + luhn.calc_check_digit(first)


def _by(size: int, text: str, between: str = " ") -> str:
    return between.join(text[at : at + size] for at in range(0, len(text), size))


def _plate(rng: Random, between: str = " ") -> str:
    area, letters = _letters(rng, 2, "ABCDEFGHJKLMNOPRSTVWY"), _letters(rng, 3, "ABCDEFGHJKLMNOPRSTUVWXYZ")
    return area + rng.choice(["05", "12", "19", "68", "73"]) + between + letters


def _old_plate(rng: Random) -> tuple[str, str, str]:
    return _letters(rng, 3, "BCDFGH"), _digits(rng, 3, "123456789"), rng.choice("FGHJKLM")


FORMS: dict[str, dict[str, Form]] = {
    "phone": {
        "plain": lambda rng: f"Give me a ring on «{_mobile(rng)}» after tea.",
        "spaced": lambda rng: f"My number is «{_pieces(_mobile(rng), ' ')}», text any time",
        "pairs": lambda rng: f"Ring «{_by(2, _mobile(rng))}» tonight",
        "one by one": lambda rng: f"so it's «{_by(1, _mobile(rng))}» ok?",
        "+44": lambda rng: f"WhatsApp me «+44{_mobile(rng)[1:]}»",
        "+44 spaced": lambda rng: f"«+44 {_mobile(rng)[1:5]} {_mobile(rng)[5:]}» is the best one to get me on",
        "0044": lambda rng: f"from abroad it's «0044 {_mobile(rng)[1:]}»",
        "+44 (0)": lambda rng: f"Call «+44 (0){_mobile(rng)[1:5]} {_mobile(rng)[5:]}» and ask for me",
        "+44 and 0": lambda rng: f"Call «+44 {_pieces(_mobile(rng), ' ')}» any evening",
        "brackets": lambda rng: "Home is (" + "«{}) {}» if I don't pick up".format(*_landline(rng)),
        "landline": lambda rng: "Ring us at home, «{} {}».".format(*_landline(rng)),
        "dots": lambda rng: f"text me: «{_pieces(_mobile(rng), '.')}».",
        "dashes": lambda rng: f"Mob «{_pieces(_mobile(rng), '-')}» x",
        "long dashes": lambda rng: f"Mob «{_pieces(_mobile(rng), '–')}» x",
        "slashes": lambda rng: f"try «{_pieces(_mobile(rng), '/')}» if you need to talk",
        "underscores": lambda rng: f"try «{_pieces(_mobile(rng), '_')}» if you need to talk",
        "hard blanks": lambda rng: f"pop round or ring «{_pieces(_mobile(rng), chr(0xA0))}» first",
        "over lines": lambda rng: "Jo\n«{}\n{}»\nBristol".format(*_landline(rng)),
        "glued to letters": lambda rng: f"call me on«{_mobile(rng)}»thanks",
        "tel:": lambda rng: f"tel:«{_mobile(rng)}»",
        "after a picture": lambda rng: f"📞«{_mobile(rng)}» 😊",
        "two of them": lambda rng: "Ring {}/«{}{}» any time".format(_mobile(rng), *_landline(rng)),
        "after a time": lambda rng: f"Free from 10.00 on 05/06/2024 «{_pieces(_mobile(rng), ' ')}» ring me",
        "spelled": lambda rng: f"my mobile is «{_words(_mobile(rng))}» give us a bell",
        "spelled with oh": lambda rng: f"ring «{_words(_mobile(rng), 'oh')}» love",
        "spelled with nought": lambda rng: f"ring «{_words(_mobile(rng), 'nought', ', ')}» love",
        "Spelled In Capitals": lambda rng: f"RING «{_words(_mobile(rng)).upper()}» PLEASE",
        "double and triple": lambda rng: f"it's «{_doubled(_mobile(rng))}» if anyone wants me",
        "double digits": lambda rng: f"it's «0 double 7 double 0 9 double 0 {_by(1, _digits(rng, 3))}» ta",
        "nine hundred": lambda rng: f"ring me on «oh double seven double oh, nine hundred, {_words(_digits(rng, 3))}» ok",
        "digits, then hundred": lambda rng: f"so «0 7 7 0 0 nine hundred {_digits(rng, 3)}», after six",
        "(0)": lambda rng: f"my own mobile is «(0){_mobile(rng)[1:5]}-{_mobile(rng)[5:8]}-{_digits(rng, 3)}», please use it",
        "spelled with dashes": lambda rng: f"text «{_words(_mobile(rng), between='-')}» now",
        "spelled +44": lambda rng: f"from Spain «plus four four {_words(_mobile(rng)[1:])}» works",
        "digits and words": lambda rng: f"ring «07700 900 {_words(_digits(rng, 3))}» ok",
        "oh before digits": lambda rng: f"ring «oh {_mobile(rng)[1:5]} {_mobile(rng)[5:]}» ok",
        "spelled, then": lambda rng: f"«{_words('07700', 'oh')}, then {_words('900', 'oh')}, then {_words(_digits(rng, 3))}» ok",
        "O for 0": lambda rng: f"txt «{_mobile(rng).replace('0', 'O')}» hun",
        "O for 0, l for 1": lambda rng: f"txt «O77OO9OO{_digits(rng, 1)}l{_digits(rng, 1)}» hun",
        "O for 0, spaced": lambda rng: f"my new number: «O77OO 9OO {_digits(rng, 3)}» hun",
        "keycaps": lambda rng: f"call «{''.join(one + chr(0xFE0F) + chr(0x20E3) for one in _mobile(rng))}» ❤️",
        "circled": lambda rng: f"call «{''.join(chr(0x245F + int(one)) if one > '0' else chr(0x24EA) for one in _mobile(rng))}»",
        "full width": lambda rng: f"call «{_wide(_mobile(rng))}» please",
        "styled": lambda rng: f"call «{''.join(chr(0x1D7CE + int(one)) for one in _mobile(rng))}» please",
        "invisible characters": lambda rng: f"call «{_unseen(_mobile(rng))}» please",
        "then": lambda rng: f"ring «07700 then 900 then {_digits(rng, 3)}» you know who",
        "commas": lambda rng: f"ring «{_pieces(_mobile(rng), ', ')}» you know who",
        "extension": lambda rng: "I'm on «{} {}» ext 12 most mornings".format(*_landline(rng)),
        "x extension": lambda rng: "I'm on «{} {}»x204 most mornings".format(*_landline(rng)),
    },
    "email": {
        "plain": lambda rng: f"Drop me a line at «{_name(rng)}@{_domain(rng)}» please.",
        "in brackets": lambda rng: f"My wife (<«{_name(rng)}@{_domain(rng)}»>) has the details",
        "mailto": lambda rng: f"mailto:«{_name(rng)}@{_domain(rng)}»",
        "before a full stop": lambda rng: f"It's «{_name(rng)}@{_domain(rng)}». Me and Jo both read it.",
        "upper case": lambda rng: f"EMAIL «{_name(rng).upper()}@{_domain(rng).upper()}» NOW",
        "plus tag": lambda rng: f"use «{_name(rng)}+acto@{_domain(rng)}» for that",
        "sub-domain": lambda rng: f"work one is «{_name(rng)}@mail.{_domain(rng)}»",
        "number": lambda rng: f"its «{_one_word(rng)}{_digits(rng, 2)}@{_domain(rng)}» x",
        "[at]": lambda rng: f"write to «{_name(rng)}[at]{_domain(rng)}» instead",
        "(at) (dot)": lambda rng: f"write to «{_name(rng)} (at) {_domain(rng).replace('.', ' (dot) ')}» instead",
        "{at} [dot]": lambda rng: f"write to «{_name(rng)}{{at}}{_domain(rng).replace('.', '[dot]')}» instead",
        "(@)": lambda rng: f"write to «{_name(rng)}(@){_domain(rng)}» instead",
        "at, dot": lambda rng: f"I'm «{_name(rng)} at {_domain(rng).replace('.', ' dot ')}» if you want to chat",
        "all spoken": lambda rng: f"mail me at «{_name(rng).replace('.', ' dot ')} at {_domain(rng).replace('.', ' dot ')}» ok",
        "underscore": lambda rng: f"it is «{_name(rng).replace('.', ' underscore ')} at {_domain(rng).replace('.', ' dot ')}» ok",
        "at sign": lambda rng: f"it is «{_name(rng)} at sign {_domain(rng).replace('.', ' dot ')}» ok",
        "AT DOT": lambda rng: f"EMAIL «{_name(rng).upper()} AT {_domain(rng).upper().replace('.', ' DOT ')}»",
        "nameATproviderDOTcom": lambda rng: f"find me: «{_one_word(rng)}AT{rng.choice(['gmail', 'outlook'])}DOTcom»",
        "-at- -dot-": lambda rng: f"find me: «{_one_word(rng)}-at-{rng.choice(['gmail', 'outlook'])}-dot-com» ta",
        "spaced letters": lambda rng: f"mail «{_by(1, _one_word(rng))} @ {_by(1, 'gmail.com')}» thanks",
        "spaced name": lambda rng: f"mail «{_by(1, _one_word(rng))} at gmail dot com» thanks",
        "@ between blanks": lambda rng: f"mail «{_name(rng)} @ {_domain(rng)}» thanks",
        "@ after a blank": lambda rng: f"mail «{_name(rng)} @{_domain(rng)}» thanks",
        "spaced dot": lambda rng: f"mail «{_name(rng)} @ {_domain(rng).replace('.', ' . ')}» thanks",
        "@ gmail": lambda rng: f"I'm «{_one_word(rng)} @ gmail» if you need me",
        "@gmail": lambda rng: f"I'm «{_one_word(rng)}@{rng.choice(['gmail', 'hotmail', 'yahoo'])}» if you need me",
        "on gmail": lambda rng: f"I'm «{_one_word(rng)}{_digits(rng, 2)} on {rng.choice(['gmail', 'hotmail', 'yahoo'])}», write",
        "at gmail": lambda rng: f"I'm «{_name(rng)} at {rng.choice(['gmail', 'hotmail'])}», write",
        "comma for dot": lambda rng: f"it's «{_one_word(rng)}@gmail,com» sorry about the typing",
        "blank before com": lambda rng: f"it's «{_one_word(rng)}@gmail. com» sorry about the typing",
        "full width @": lambda rng: f"write: «{_name(rng)}＠{_domain(rng)}»",
        "full width": lambda rng: f"write: «{_wide(_name(rng) + '@' + _domain(rng))}» ok",
        "invisible characters": lambda rng: f"write: «{_unseen(_name(rng) + '@' + _domain(rng))}» ok",
    },
    "postcode": {
        "upper case": lambda rng: "I'm in «{} {}» so not far".format(*_postcode(rng)),
        "after live": lambda rng: "we live round «{} {}» btw".format(*map(str.lower, _postcode(rng))),
        "after postcode": lambda rng: "my postcode is «{}{}» btw".format(*map(str.lower, _postcode(rng))),
        "before postcode": lambda rng: "«{} {}» is my postcode if it helps".format(*map(str.lower, _postcode(rng))),
        "glued": lambda rng: "Address: Rose Cottage, «{}{}»".format(*_postcode(rng)),
        "dash": lambda rng: "come to «{}-{}» at six".format(*_postcode(rng)),
        "two blanks": lambda rng: "post code «{}  {}».".format(*_postcode(rng)),
        "no area of Royal Mail": lambda rng: f"our home is in «WX{rng.randint(1, 9)} {rng.randint(1, 9)}TQ»",
        "Welsh": lambda rng: "fy nghod post yw... cod post: «{} {}»".format(*map(str.lower, _postcode(rng))),
        "full width": lambda rng: f"I live at «{_wide(' '.join(_postcode(rng)))}» now",
        "invisible characters": lambda rng: f"I live at «{_unseen(' '.join(_postcode(rng)))}» now",
    },
    "street_address": {
        "plain": lambda rng: f"I live at «{_street(rng)}» with my mum",
        "lower case": lambda rng: f"we're at «{_street(rng).lower()}», come round",
        "upper case": lambda rng: f"SEND IT TO «{_street(rng).upper()}» PLEASE",
        "letter": lambda rng: f"It's «{rng.randint(2, 90)}{rng.choice('abc')} {rng.choice(_STREETS)} Road», blue door",
        "short type": lambda rng: f"It's «{_street(rng, 'Rd Ave St Ln')}», blue door",
        "flat": lambda rng: f"my address: «Flat {rng.randint(1, 30)}, {_street(rng)}»",
        "flat, over lines": lambda rng: f"Jo Bloggs\n«Flat {rng.randint(1, 30)}\n{_street(rng)}»\nLeeds",
        "comma": lambda rng: f"post it to «{rng.randint(1, 90)}, {rng.choice(_STREETS)} Lane», ta",
        "two names": lambda rng: f"She's at «{rng.randint(1, 90)} {rng.choice(['Old Mill', 'St Mary’s', 'Upper Hay'])} Street»",
        "St.": lambda rng: f"She moved to «{rng.randint(1, 90)} St. {rng.choice(['Mary', 'John'])}'s Road» last week",
        "The Avenue": lambda rng: f"We live at «{rng.randint(1, 90)} The {rng.choice(['Avenue', 'Grove', 'Green', 'Crescent'])}»",
        "soft type": lambda rng: f"My house is «{_street(rng, 'Park Way View Hill Green Gardens')}».",
        "full width number": lambda rng: f"I live at «{_wide(str(rng.randint(1, 90)))} {rng.choice(_STREETS)} Road» now",
        "invisible characters": lambda rng: f"I live at «{_unseen(_street(rng))}» now",
    },
    "nhs_number": {
        "spaced": lambda rng: "My NHS number is «{} {} {}», can you look?".format(*_nhs(rng)),
        "plain": lambda rng: "NHS no: «{}{}{}»".format(*_nhs(rng)),
        "dashes": lambda rng: "nhs number «{}-{}-{}» still nothing".format(*_nhs(rng)),
        "dots": lambda rng: "nhs num «{}.{}.{}» still nothing".format(*_nhs(rng)),
        "one by one": lambda rng: f"nhs number is «{_by(1, ''.join(_nhs(rng)))}»",
        "before the words": lambda rng: "«{} {} {}» is my NHS number".format(*_nhs(rng)),
        "N.H.S.": lambda rng: "N.H.S. number «{} {} {}» if you need it".format(*_nhs(rng)),
        "Welsh": lambda rng: "fy rhif GIG yw «{} {} {}»".format(*_nhs(rng)),
        "spelled": lambda rng: f"my NHS number is «{_words(''.join(_nhs(rng)))}» ok",
        "full width": lambda rng: f"my NHS number is «{_wide(' '.join(_nhs(rng)))}» ok",
        "invisible characters": lambda rng: f"my NHS number is «{_unseen(' '.join(_nhs(rng)))}» ok",
    },
    "nino": {
        "spaced": lambda rng: f"My NI number is «{_nino(rng, ' ')}».",
        "plain": lambda rng: f"NI: «{_nino(rng)}»",
        "lower case": lambda rng: f"national insurance «{_nino(rng).lower()}» they said it's wrong",
        "dashes": lambda rng: f"NINO «{_nino(rng, '-')}» they said it's wrong",
        "dots": lambda rng: f"NINO «{_nino(rng, '.')}» they said it's wrong",
        "one by one": lambda rng: f"n.i. number «{_by(1, _nino(rng))}» ok",
        "spelled": lambda rng: f"my national insurance number is «QQ {_words(_digits(rng, 6))} {rng.choice('ABCD')}» ok",
        "full width": lambda rng: f"NI number «{_wide(_nino(rng))}» ok",
        "invisible characters": lambda rng: f"NI number «{_unseen(_nino(rng, ' '))}» ok",
    },
    "bank_account": {
        "words": lambda rng: f"Sort code «{_sort_code(rng)} account number {_account(rng)}», thanks",
        "blanks": lambda rng: f"pay me: sort code «{_sort_code(rng, ' ')}, acc {_account(rng)}»",
        "bare pair": lambda rng: f"refund to «{_sort_code(rng)} {_account(rng)}» please",
        "no dashes": lambda rng: f"sort code «{_sort_code(rng, '')} account {_account(rng)}» please",
        "dots": lambda rng: f"sort code «{_sort_code(rng, '.')} account {_account(rng)}» please",
        "account first": lambda rng: f"my account is «{_account(rng)}, sort code {_sort_code(rng)}»",
        "account in fours": lambda rng: f"sort code «{_sort_code(rng)}, account {_by(4, _account(rng))}»",
        "over lines": lambda rng: f"Barclays\n«{_sort_code(rng)}\n{_account(rng)}»",
        "IBAN": lambda rng: f"my iban: «{_iban(rng)}»",
        "IBAN in fours": lambda rng: f"pay into «{_by(4, _iban(rng))}» please",
        "spelled": lambda rng: f"sort code «{_words(_sort_code(rng, ''))}, account number {_words(_account(rng))}» ta",
        "full width": lambda rng: f"sort code «{_wide(_sort_code(rng))} account {_wide(_account(rng))}» ta",
        "invisible characters": lambda rng: f"sort code «{_unseen(_sort_code(rng))} account {_unseen(_account(rng))}» ta",
    },
    "date_of_birth": {
        "dob": lambda rng: "dob «{}/{}/{}» if they ask".format(*_birth(rng)),
        "short year": lambda rng: "D.O.B. «{:02}.{:02}.{:02}» if they ask".format(*_short_birth(rng)),
        "dashes": lambda rng: "Date of birth: «{:02}-{:02}-{}»".format(*_birth(rng)),
        "spaced": lambda rng: "Date of birth: «{:02} / {:02} / {}»".format(*_birth(rng)),
        "ISO": lambda rng: "date of birth «{2}-{1:02}-{0:02}»".format(*_birth(rng)),
        "no blanks": lambda rng: "DOB «{:02}{:02}{}» thanks".format(*_birth(rng)),
        "six digits": lambda rng: "DOB «{:02}{:02}{:02}» thanks".format(*_short_birth(rng)),
        "month in words": lambda rng: "I was born on «{} {} {}» in Hull".format(*_month_in_words(rng)),
        "of": lambda rng: "born on the «{} of {}, {}» in Hull".format(*_month_in_words(rng)),
        "short month": lambda rng: "born «{} {:.3} {}» in Hull".format(*_month_in_words(rng)),
        "month first": lambda rng: "My birthday is «{1} {0}, {2}», I'm not old".format(*_month_in_words(rng)),
        "'87": lambda rng: "my birthday is «{0} {1} '{3}», I'm not old".format(*_month_in_words(rng), _digits(rng, 2)),
        "of the": lambda rng: "dob «{} of the {} {}»".format(*map(_th, _birth(rng)[:2]), _birth(rng)[2]),
        "before the words": lambda rng: "«{}/{}/{}» is my date of birth".format(*_birth(rng)),
        "spelled": lambda rng: "born on the «{} of {} nineteen eighty {}» me".format(
            rng.choice(["third", "twenty-first", "ninth"]), rng.choice(_MONTHS), rng.choice(_WORDS[1:])
        ),
        "Welsh": lambda rng: "fy nyddiad geni... dyddiad geni: «{} {} {}»".format(
            _birth(rng)[0], rng.choice(["Ebrill", "Mai", "Rhagfyr"]), _birth(rng)[2]
        ),
        "full width": lambda rng: f"dob «{_wide('{}/{}/{}'.format(*_birth(rng)))}» ok",
        "invisible characters": lambda rng: f"dob «{_unseen('{:02}/{:02}/{}'.format(*_birth(rng)))}» ok",
    },
    "card_number": {
        "spaced": lambda rng: f"You charged my card «{_by(4, _card(rng))}» twice",
        "plain": lambda rng: f"debit card number «{_card(rng)}» exp 09/27",
        "dashes": lambda rng: f"visa «{_by(4, _card(rng), '-')}» cvv 123",
        "dots": lambda rng: f"mastercard «{_by(4, _card(rng, '51'), '.')}» cvv 123",
        "two blanks": lambda rng: f"mastercard «{_by(4, _card(rng, '51'), '  ')}» cvv 123",
        "Amex": lambda rng: f"amex card «{_card(rng, '37', 15)}» ok",
        "before the words": lambda rng: f"«{_by(4, _card(rng))}» is the card you charged",
        "spelled": lambda rng: f"my card is «{_words(_card(rng))}» ok",
        "full width": lambda rng: f"my card is «{_wide(_by(4, _card(rng)))}» ok",
        "invisible characters": lambda rng: f"my card is «{_unseen(_by(4, _card(rng)))}» ok",
    },
    "vehicle_registration": {
        "spaced": lambda rng: f"He drives a blue Corsa, reg «{_plate(rng)}»",
        "plain": lambda rng: f"her car is parked outside, «{_plate(rng, '')}»",
        "lower case": lambda rng: f"number plate «{_plate(rng).lower()}» keep an eye out",
        "dash": lambda rng: f"a white van «{_plate(rng, '-')}» keep an eye out",
        "before the words": lambda rng: f"«{_plate(rng)}» is his car",
        "one by one": lambda rng: f"registration «{_by(1, _plate(rng, ''))}» keep an eye out",
        "before 2001": lambda rng: "an old Volvo, reg «{2}{1} {0}»".format(*_old_plate(rng)),
        "before 1983": lambda rng: "his old Volvo, reg «{} {}{}»".format(*_old_plate(rng)),
        "full width": lambda rng: f"his car is «{_wide(_plate(rng))}» ok",
        "invisible characters": lambda rng: f"his car is «{_unseen(_plate(rng))}» ok",
    },
}  # fmt: skip


def _month_in_words(rng: Random) -> tuple[str, str, int]:
    day, month, year = _birth(rng)
    return rng.choice([str(day), _th(day)]), _MONTHS[month - 1], year


def like(pattern: str) -> Form:
    """Sentences like `pattern`: {1-12} is a number, {01-12} one of two digits, {a|b} a choice, ~ a digit, ^ a capital letter."""

    def filled(rng: Random, piece: str) -> str:
        if "|" in piece:
            return rng.choice(piece.split("|"))
        first, last = piece.split("-")
        return f"{rng.randint(int(first), int(last)):0{len(first)}}"

    def form(rng: Random) -> str:
        pieces = (piece.partition("}") for piece in ("}" + pattern).split("{"))
        text = "".join((filled(rng, inside) if inside else "") + after for inside, _, after in pieces)
        return "".join({"~": _digits(rng, 1), "^": _letters(rng, 1)}.get(one, one) for one in text)

    return form


_DAY, _CLOCK, _SCORE = "{01-28}/{01-12}/{2015-2027}", "{00-23}:{00-59}", "{0-5}-{0-5}"
_MONTH = f"{{{'|'.join(_MONTHS)}}}"

INNOCENT: dict[str, Form] = {
    "date": like(f"The next webinar is on {_DAY}, see you there"),
    "dates and times": like(f"Sessions: {_DAY} {_CLOCK}, {_DAY} {_CLOCK}"),
    "dates in a row": like(" ".join(["{01-28}/{01-12}{/|.|-| }{2015-2027}"] * 4)),
    "dates with dashes": like("Open {01-28}-{01-12}-{2015-2027} - {01-28}-{01-12}-{2015-2027}"),
    "ISO date and time": like(f"posted {{2015-2026}}-{{01-12}}-{{01-28}}T{_CLOCK}:~~.~~~~~~"),
    "refund of a day": like("Refund of {01-28}-{01-12}-{15-27} for order {1-9}~~~~~~~ never came to my account"),
    "date in words": like(f"See you on {{1-28}} {_MONTH} {{2020-2027}} at the conference"),
    "years": like("I trained {1980-1999}-{2000-2009} and practised 20~~/~~"),
    "born": like("Born in {1950-2005}, I was {5-15} when it began; my birthday is {2-9} weeks off"),
    "times": like(f"Open {_CLOCK}-{_CLOCK}, and {_CLOCK} - {_CLOCK} on Sundays"),
    "time stamp": like("{0-2}:{00-59}:{00-59} is where she says it, and 0{0-9}:{00-59}"),
    "count of seconds": like("posted at 17~~~~~~~~ or 17~~~~~~~~~~~"),
    "price": like("It was £{10-99}.~~ and is now £{1-9}.~~"),
    "prices in a row": like(" ".join(["{0-9}.~~"] * 6) + " pounds each"),
    "money with commas": like("They raised £{1-9},~~~,~~~.00 last year"),
    "NHS money": like("The NHS spent {100-999},~~~,~~~ and {10-99} million on it"),
    "scores": like(f"we won {_SCORE} and then {_SCORE}"),
    "scores in a row": like(" ".join([_SCORE] * 7)),
    "scores of a test": like("My PHQ-9 went from {10-27}/27 to {0-9}/27, GAD-7 {0-21}/21"),
    "percentages": like("0.~~~~~~~~~ or {1-99}.~~% of them"),
    "order number": like("Order {1-9}~~~~~~~~~ has not come"),
    "order number with 0": like("My order number is 0{1|2|3|7}~~~~~~~~~, where is it?"),
    "order number with letters": like("Order ORD0{1|2|3|7}~~~~~~~~~ has not come"),
    "order number in fours": like("Order 0~~~ ~~~~ ~~~~ ~~~~ has not come"),
    "order number of a shop": like("Order 026-~~~~~~~-~~~~~~~ has not come"),
    "tracking number": like("tracking JD00~~~~~~~~~~~~~~ says delivered"),
    "parcel": like("parcel number {X|Y|Z}~ ~~~~ ~~~~ says delivered"),
    "invoice": like("Invoice no. 2024/~~~~~ is still open, ref 0~~~~~~~~~~"),
    "ISBN": like("ISBN 978-0-~~-~~~~~~-~"),
    "ISBN of ten": like("her book, ISBN 0~~~~~~~~~, is great"),
    "version": like("Zoom {1-6}.{0-17}.{0-9} (~~~~~) crashed"),
    "IP address": like("the server {10-199}.0.{0-255}.{0-255} is down"),
    "views": like("{1-9},~~~,~~~,~~~ views and {2-9} million likes in one place"),
    "counts": like("{10-99} 000 000 people, {1-9}~~~~~~~~~ comments"),
    "counting": lambda rng: "breathe in " + " ".join(map(str, range(rng.randint(0, 1), rng.randint(9, 14)))),
    "counting in words": like("and breathe: one, two, three, four, {five|five, six, seven}"),
    "one to ten": like("from one to ten I'd say {seven|eight} or {nine|two}, once {three|four}"),
    "lottery": like("numbers were " + " ".join(["{01-59}"] * 6)),
    "lottery with commas": like("numbers were 0{1-9}, " + ", ".join(["{01-59}"] * 5)),
    "page": like("see p. {1-400}, pp. {1-100}-{101-400} of vol 0{1-9}"),
    "product": like("I bought an MP{3-4} {1-9}GB and a ^^-~~~~-X"),
    "sizes": like("{10-99}x{10-99}x{10-99}cm, model T~~~-~~B"),
    "weights": like("{50-99}.~kg, BP {100-160}/{60-99}, {1-9}st {0-13}lb"),
    "vitamin": like("B12 {1-9}mg and D3 {1-9}00iu daily"),
    "road": like("stuck near the A{40-4999} {1-9} miles off the M{1-62} {2nd exit|1st exit|3rd bend}"),
    "room": like("Workshop in room {B|C|D|E}{1-9} {1st|2nd|3rd|4th} floor, at the town hall"),
    "talk of friends": like("my {2-9} very close friends, {2-9} good books and {2-9} long walks a nice view"),
    "way to go": like("{5-50} minutes down the road, {2-9} miles from the park"),
    "car": like("{1-9} years with my car, {10-99}k miles, MOT in {01-12}/{24-29}"),
    "card": like("My loyalty card has {1000-9999} points, expiry {01-12}/{24-29}"),
    "short number": like("Ring {111|999|101} or press {1-9}"),
    "hashtag": like("#mentalhealth20~~ #day{1-100} #0~~~~~~~~~~"),
    "link": like("https://example.org/p/{1-9}~~~~~~~~~~~~~~~~~~?v=^^~~^^^"),
    "mention": like("Loved {@therapy.today|@calm.rooms.social|@acto} and thanks @jo_{bloggs|quill}~~"),
    "talk of websites": like(
        "I {looked|work|shop} at that {amazon|boots} dot com place, she works at bbc dot co dot uk"
    ),
    "trouble with mail": like("Has anyone else trouble on {gmail|hotmail|yahoo}? It {hangs|stops} at yahoo too"),
    "at home": like("stay-at-home mum of {2-5}, at work dot dot dot since {1990-2020}"),
}


def samples(form: Form) -> Iterator[tuple[str, int, int]]:
    """Sentences of a form, always the same: the text without «», and from where to where the entity stands."""
    for seed in range(VALUES):
        before, _, rest = form(Random(seed)).partition("«")
        entity, _, after = rest.partition("»")
        yield before + entity + after, len(before), len(before) + len(entity)


def is_found(kind: str, text: str, start: int, end: int) -> bool:
    """Whether an entity of `kind` is found where it stands: four fifths at least of what it and the finding cover."""
    plain = normalise(text)
    for one in find_entities(plain.text):
        first, last = plain.to_raw(one.start_char, one.end_char)
        both, either = min(last, end) - max(first, start), max(last, end) - min(first, start)
        if one.kind == kind and both >= 0.8 * either:
            return True
    return False


def recall(kind: str, form: Form) -> float:
    """The share of a form's sentences in which the entity is found."""
    return sum(is_found(kind, *sample) for sample in samples(form)) / VALUES


def recall_by_kind() -> dict[str, float]:
    """The share found of each kind, over all its forms."""
    return {kind: sum(recall(kind, form) for form in forms.values()) / len(forms) for kind, forms in FORMS.items()}
