"""The formats of telephone numbers, addresses and numbers of people, as RE2 patterns: in a plain text, and in a raw one.

What has a format need not be valid, and most of it is not: checks.entities decides. Upper and lower case are the same but to
the compiled patterns there that say otherwise.
"""

from __future__ import annotations

from checks.disguised_addresses import MAIL_PROVIDERS
from checks.disguised_numbers import DIGIT_WORDS, TIMES_WORDS
from checks.plain_letters import LOOKALIKES

MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)"
)
_TH = r"(?:st|nd|rd|th)?"
_YEAR = r"['’]?(?:19|20)?\d{2}"
_SAID_DAY = (
    r"(?:twenty|thirty)?[ \-]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SAID_YEAR = r"(?:nineteen|two thousand|twenty)(?:[ \-](?:and|[a-z]{3,9}(?:teen|ty)?|oh|one|two|six|ten)){1,3}"
DATE = (
    rf"(?:\d{{1,2}} ?[/.\- ] ?\d{{1,2}} ?[/.\- ] ?(?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}"
    rf"|\d{{1,2}}{_TH}(?: of)?[ \-]?{MONTHS}[, \-]{{0,2}}{_YEAR}|{MONTHS} (?:the )?\d{{1,2}}{_TH},? {_YEAR}"
    rf"|\d{{1,2}}{_TH} of (?:the )?\d{{1,2}}{_TH},? (?:of )?{_YEAR}|{_SAID_DAY}(?: of)? {MONTHS},? (?:{_SAID_YEAR}|{_YEAR}))\b"
)
# Between the digits of a number; a gate sees blanks that are not yet plain.
APART = r"[\s.\-()/_*~\x{2000}-\x{200a}\x{2010}-\x{2015}\x{2026}\x{202f}•·]{0,3}"
NUMBER = rf"(?:\+\s?44|0)(?:{APART}\d){{9}}"
SHORT_NUMBER = r"\b(?:116\s?123|0800\s?1111|85258)\b"
EMAIL = r"\b[a-z0-9._%+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,5}[a-z]{2,10}\b"
POSTCODE = r"\b[a-pr-uwyz][a-hk-y]?[0-9][a-hjkpstuw0-9]?[\s\-]{0,2}[0-9][abd-hjlnp-uw-z]{2}\b"
_STREET_TYPES = r"street|st|road|rd|avenue|ave|lane|ln|crescent|cres|grove|mews|cottages"
# Words of a street's name, or of talk: "my 3 very close friends".
SOFT_TYPES = (
    r"close|dr|steps|court|gardens?|terrace|drive|place|park|hill|way|walk|rise|square|row|view|bank|parade|green|gate"
)
_HOUSE_NUMBER, _STREET = r"\b\d{1,4} ?[a-z]?,?\s", rf"(?:{_STREET_TYPES}|{SOFT_TYPES})\b"
HOUSE = rf"{_HOUSE_NUMBER}(?:(?:st\. )?[a-z'’\-]{{2,20}} ){{1,3}}{_STREET}"
_APART_BY_ONE = r"[ .\-/]?"
# Every other link has a long number in it.
_IN_NO_LINK = r"(?:^|[^\w/=&%]|\b(?:nhs|card|number|num|no)[=/])"
NHS = rf"{_IN_NO_LINK}(\d{{3}}[ .\-/]{{0,3}}\d{{3}}[ .\-/]{{0,3}}\d{{4}}|\d(?:{_APART_BY_ONE}\d){{9}})\b"
# QQ is HMRC's prefix for specimens.
NINO = rf"\b(?:qq|[a-ceghj-pr-tw-z] ?[a-ceghj-npr-tw-z]|q q)(?:{_APART_BY_ONE}\d){{6}}{_APART_BY_ONE}[a-d]\b"
_SORT_CODE = r"\b\d{2}[ .\-/–]{0,3}\d{2}[ .\-/–]{0,3}\d{2}\b"
_ACCOUNT = r"\b(?:\d{4}[ \-]?\d{4}|\d(?: \d){7})\b"


def _side_by_side(between: str) -> str:
    """A sort code and an account, the one or the other first."""
    return f"{_SORT_CODE}{between}{_ACCOUNT}|{_ACCOUNT}{between}{_SORT_CODE}"


BANK = _side_by_side(r"\D{0,40}")
IBAN = r"\bgb\d{2}\s?[a-z]{4}(?:\s?\d){14}\b"
_BIRTH_WORD = r"(?:dob|d\.o\.b\.?|d/o/b|date of birth|dyddiad geni)"
# After a date: "1/2/80 is her birthday".
_IS_BIRTH = rf"(?:(?:is|was|that['’]?s) )?(?:(?:my|his|her|our|their) )?(?:{_BIRTH_WORD}\b|birthday(?:[^a-z ]|$))"
BIRTHS = (
    rf"\b(?:{_BIRTH_WORD}|born(?: on)?|birthday|b(?:irth)?[ \-]?day|ngeni|ganwyd|ganed|pen-?blwydd)\b.{{0,16}}?\b({DATE})",
    rf"\b{_BIRTH_WORD}\W{{0,3}}(?:is )?\b(\d{{6}}|\d{{8}})\b",
    rf"\b({DATE})\W{{1,3}}{_IS_BIRTH}",
)
_BODY = r"\b(?:bacp|ukcp|acto|ncps|hcpc|bpc)\b"
MEMBER = (
    rf"{_BODY}\W{{0,3}}(?:reg(?:istered|istration)?|member(?:ship)?|accred(?:ited)?)\W{{0,3}}"
    r"(?:no\.?|number|id|#)?\W{0,3}(?:is )?\d{4,9}\b"
)
VEHICLE = r"\b[a-z]{2}[0-9]{2}[\s.\-]{0,2}[a-z]{3}\b|\b[a-z] [a-z] [0-9] [0-9] {1,2}[a-z] [a-z] [a-z]\b"
# Of the years before 2001: in capital letters, and with a word right beside it.
OLD_VEHICLE = r"(?-i:\b(?:[A-HJ-NPR-Y]\d{1,3}[ \-]?[A-Z]{3}|[A-Z]{3}[ \-]?\d{1,3}[A-HJ-NPR-Y])\b)"
LINK = (
    r"\b(?:wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|m\.me|t\.me|telegram\.me|join\.skype\.com|signal\.me|discord\.gg"
    r"|ig\.me)/[\w+\-./?=&]{1,80}"
)
CARD = rf"{_IN_NO_LINK}(\d(?:[ .\-/]{{0,3}}\d){{12,18}})\b"

# What a raw text must show, at least, to hold any of these once it is made plain (checks.disguises). A text that is let through
# for nothing costs a moment, one that is not let through is never looked at. Words and gaps are of any length here: emoji have
# parts that nobody sees, and where RE2 counts it must keep a place for each number (measured on 75,000 texts that are all
# different: half the time). Blanks that do not break are plain ones already (warehouse.gate).
_BLANKS = r"\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}"
_UNSEEN = r"\x{ad}\x{200b}-\x{200f}\x{2060}\x{feff}"
_STROKES = r"\x{2010}-\x{2015}’•·"
_NO_DIGIT = r"\D*"
_DIGIT_WORDS = f"{DIGIT_WORDS}|{TIMES_WORDS}"
_NEXT = r"[\s,.\-/…]{1,3}(?:(?:and\s)?then\s)?"
# The @ of an address, as written or taken apart: nearly every @ stands before a handle, with nothing after it that ends one.
_AT = (
    r"@(?:[^a-z0-9_]|[a-z0-9\-][^a-z0-9_]"
    r"|[a-z0-9\-]+(?:\.[a-z0-9\-]|[\s_*~\-]{1,2}(?:\.|dot))"
    rf"|{MAIL_PROVIDERS})|@$"
)
_RAW_BIRTH = (
    rf"\b(?:{_BIRTH_WORD}|born|b(?:irth)?[ \-]?day|ngeni|ganwyd|ganed|pen-?blwydd)\b(?s:.*)(?:\d|{MONTHS}|{_SAID_DAY})"
    r"(?s:.*)(?:\d\d|nineteen|two thousand|twenty)"
    rf"|(?:\d\d|\b(?:nineteen|two thousand|twenty)(?:[ \-][a-z]+){{1,3}})\W{{1,9}}{_IS_BIRTH}"
)
# Characters that a plain text has as letters, digits or signs of ASCII, blanks but plain ones, and what nobody sees; the last
# hide something only inside of a text, and many comments end in one. Not among them: those that are the same as a letter for
# any case (Kelvin, Å, the long s), the sign of a trade mark, wide ! and ?, and the three dots of a text that was cut.
FOLDED = (
    r"[\x{aa}\x{b2}\x{b3}\x{b9}\x{ba}\x{bc}-\x{be}\x{132}\x{133}\x{13f}\x{140}\x{149}\x{1c4}-\x{1cc}\x{1f1}-\x{1f3}"
    r"\x{2b0}-\x{2b8}\x{2e1}-\x{2e3}\x{1d2c}-\x{1d65}\x{1d9c}-\x{1dbb}\x{1e9a}\x{2024}\x{2025}\x{2070}-\x{209c}\x{20a8}"
    r"\x{20e3}\x{2100}-\x{2121}\x{2124}-\x{2129}\x{212c}-\x{2139}\x{213b}-\x{218b}\x{2460}-\x{24ff}\x{2c7c}\x{2c7d}"
    r"\x{3250}-\x{33ff}\x{a7f2}-\x{a7f4}\x{fb00}-\x{fb29}\x{fe10}-\x{fe19}\x{fe30}-\x{fe6b}\x{ff02}-\x{ff1e}\x{ff20}-\x{ff5e}\x{107a5}"
    r"\x{1d400}-\x{1d7ff}\x{1f100}-\x{1f190}\x{1fbf0}-\x{1fbf9}]"
    rf"|[{_BLANKS}{_UNSEEN}][\s\x{{fe0f}}{_BLANKS}{_UNSEEN}{_STROKES}]*[!-~]|[\s!-~\x{{2026}}{_STROKES}]\x{{fe0f}}"
    rf"|\d\s?…\s?\d|[a-z][{LOOKALIKES}]|[{LOOKALIKES}][a-z]"
)
_SPELLED = (
    rf"\b(?:{_DIGIT_WORDS})(?:[\s,.\-/…]+(?:{_DIGIT_WORDS}|then|and|\d{{1,6}})){{3}}|\b(?:zero|oh|nought)[\s,.\-/]{{1,3}}\d{{3}}"
    rf"|\d{_NEXT}(?:{_DIGIT_WORDS}){_NEXT}(?:{_DIGIT_WORDS}|\d)"
    rf"|\b(?:sort ?code|acc(?:oun)?t|n\.?i|insurance)(?:\s(?:no\.?|number))?(?:\sis)?[\s:,\-]{{1,3}}(?:[a-z]{{2}}\s)?"
    rf"(?:(?:\d{{1,6}}|then|and)[\s,.\-/]{{1,3}})*(?:{_DIGIT_WORDS})"
)
_SPOKEN = (
    r"[(\[{<]\s?(?:at|dot|\.)\s?[)\]}>]|\bdot\s(?:com|co|uk|org|net)|[_*~\-]dot[_*~\-]|(?-i:AT[a-z0-9\-]+DOT)"
    rf"|\b(?:on|at)\s(?:{MAIL_PROVIDERS})\b|\b(?:[a-z0-9._\-]\s){{3}}(?:[a-z0-9._\-]\s)*[a-z0-9]?(?:@|at\s)"
    r"|(?:\bat\s(?:(?:sign|symbol)\s)?|[_*~\-]at[_*~\-])[a-z0-9\-]+(?:\s?\.\s?[a-z0-9\-]+)*\sdot\b"
)
# What begins with a digit or a sign, and what begins with a word. Apart, for all that goes on over several words after a digit
# multiplies what RE2 must keep of the words (measured: together twice the time).
GATES = (
    rf"(?:^|[^0-9]){NUMBER}|\b116\s?123|\b0800\s?1111|\b85258|{POSTCODE}|{NHS}|{NINO}|{IBAN}|{CARD}"
    rf"|{_HOUSE_NUMBER}(?:(?:st\. )?[a-z'’\-]+ )+{_STREET}|{_side_by_side(_NO_DIGIT)}"
    rf"|{VEHICLE}|{OLD_VEHICLE}"
    rf"|(?:\+44|\b0)(?:[\s,.\-/]{{0,3}}(?:(?:and\s)?then\s)?\d){{2,9}}(?:[\s,.\-/]|and|then){{1,9}}(?:{_DIGIT_WORDS})"
    r"|(?:\+44\s?|(?:^|[^\w,.]|(?:^|[^0-9])[,.])0)\d{2,4}(?:,|,?\s(?:and\s)?then)\s?\d"
    rf"|(?:\+44|\b[0o])(?:[ .\-]?[0-9oil|]){{9}}|{FOLDED}",
    rf"{_AT}|{_RAW_BIRTH}|{_BODY}\W{{0,9}}(?:reg|member|accred)"
    r"|\b(?:wa|m|t|signal|ig|telegram)\.me/|whatsapp\.com/|discord\.gg/|join\.skype"
    rf"|{_SPELLED}|{_SPOKEN}",
)
