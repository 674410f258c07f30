"""R2: somebody gives away their own, or their family's, identifying personal information in public.

Formats come from the shared entities; this check asks whose they are. A colleague's or a third party's details belong to
O4 and O3; a practice, a venue or a museum is nobody's home, and what the roster permits is marked as published.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import findings, sentence, spoken

# kind of entity: (what the Chair reads, severity, score)
DETAILS = {
    "bank_account": ("bank details", "high", 0.97),
    "card_number": ("a card number", "high", 0.97),
    "nino": ("a National Insurance number", "high", 0.97),
    "nhs_number": ("an NHS number", "high", 0.97),
    "street_address": ("a home address", "high", 0.8),
    "date_of_birth": ("a full date of birth", "normal", 0.75),
    "phone": ("a private phone number", "normal", 0.75),
    "postcode": ("a home postcode", "normal", 0.7),
    "vehicle_registration": ("a car's registration", "normal", 0.7),
}
# These identify by themselves; the others also stand in adverts and history, and need a word that they are the writer's.
OWN_BY_NATURE = {"bank_account", "card_number", "nino", "nhs_number"}

CHILD = (
    r"(?:son|daughter|lad|lass|boys?|girls?|twins|kids?|children|two|three|youngest|eldest|oldest|wee (?:man|one|yin)"
    r"|grandson|granddaughter|bairns?|weans?|nephew|niece)"
)
SCHOOL = r"(?:primary|juniors?|infants?|academy|high|grammar|comp|comprehensive|school|nursery|pre-?school|c of e|girls'|boys')"
NAME = r"(?-i:[A-Z]\S+)"
OWN_CHILD = spoken(
    rf"\b(?:my|our|wor) (?:\w+ ){{0,2}}{CHILD}\b",
    r"\bmine's\b",
    r"\bschool run\b",
    r"\b(?:my|our) (?-i:[A-Z][a-z]+)\b",
    r"\bfirst day (?:\w+ )?(?:at|for)\b",
    r"\b(?:fetch|fetching|collect|collecting|pick(?:ing)? up"
    r"|drop(?:ping)?(?: off)?) (?-i:[A-Z][a-z]+)(?: and (?-i:[A-Z][a-z]+))? (?:from|at|off|to)\b",
)
NAMED_SCHOOL = spoken(
    rf"\b(?:at|to|in|for|from) (?:{NAME} ){{1,3}}(?i:{SCHOOL})\b",
    r"\bysgol (?:gynradd |gyfun |uwchradd )?(?-i:[A-Z])\w+",
    r"\b(?:at|to) st\.? (?-i:[A-Z])\S+|\b(?:at|to|from) st\.? (?-i:[A-Z])\S+'s\b",
)
TEACHER = spoken(r"\bi (?:teach|work|volunteer) (?:at|in)\b")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
EMPTY_HOUSE = spoken(
    r"\b(?:house|flat|cottage|bungalow|place|home|hoose)\b[^.!?]{0,40}\b(?:empty|to itself|locked up|unattended"
    r"|unoccupied|sat there|yn wag)",
    r"\bempty (?:house|flat|cottage)\b",
    r"\b(?:nobody|no one)(?:'ll be| will be|'s| is) (?:in|home|there)\b",
    r"\bkeys?(?: is|'s)? (?:under|in|behind|inside|beneath) the \w+",
)
AWAY = spoken(
    rf"\b(?:from|til|till|until|for|back)\b[^.!?]{{0,20}}\b(?:\d{{1,2}}(?:st|nd|rd|th)?|\w{{3,6}}day|weeks?|wks"
    rf"|fortnight|days|{MONTH})\b",
    r"\b(?:we're|i'm|we are|i am) (?:\w+ )?(?:away|off|flying|abroad|in)\b",
    r"\bholiday\b",
)
ADVICE = spoken(
    r"\b(?:if you|when you|you're|your (?:house|home)|never (?:tell|give|use|post|share)|tip|office|pretend|think)\b"
)
IDENTITY = spoken(
    r"\b(?:national insurance|ni|nino)\b[^.!?]{0,25}\b[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]\b",
    r"\bnhs (?:no|number)\b[^.!?\d]{0,15}\d{3} ?\d{3} ?\d{4}\b",
    r"\bpassport\b\D{0,30}\d{3} ?\d{3} ?\d{3}\b",
    r"\bdriving licen[cs]e(?: no\.?| number)?\W{0,3}[a-z]{3,5}\w? ?\d{6}",
    rf"\bmother's maiden name(?: is| was)?:? {NAME}",
    r"\b(?:my|that's my) pin\b[^.!?]{0,12}\d{4}\b",
)
ASKED_BIRTH = spoken(r"\b(?:date of birth|d\.?o\.?b|birthday|born|how old)\b")
FULL_DATE = spoken(
    r"\b\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d\d\b",
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH} (?:19|20)\d\d\b",
)

ME = spoken(
    r"\b(?:i|i'm|i've|i'll|my|me|mine|we|we're|our|us|ours|myself|fi|fy|ni)\b",
    r"\b(?:ring|call|phone|text|pop|come) (?:\w+ )?(?:round|by|in|on|at)\b",
)
HOME = spoken(
    r"\b(?:home|house|flat|door|doorbell|buzzer|live|lives|living|stay|address|key|keys|gate|visit|visitors"
    r"|call round|come round|come in|drop|moved|post it|send it|born|drive|garden|number \d+|top floor|n?gh?yfeiriad"
    r"|cyfeiriad|call|send|wedi symud)\b"
)
SOMEBODY_ELSES = spoken(
    r"\b(?:his|her|their|he|she|they)(?:'s| is|'re)? (?:\w+ ){0,2}(?:number|mobile|mob|phone|home|house|address|door"
    r"|hers|lives?|living|stays?|plate|reg)\b",
    r"\b(?:lives|he's|she's) (?:at|in)\b|\bhers\b",
    r"\b(?-i:[A-Z])[a-z]+'s (?:last |first |old |former )?(?:home|house)\b",
    r"\b(?:he|she|who|they|(?-i:[A-Z])\w+) (?:was|were) born\b",
)
BUSINESS = spoken(
    r"\b(?:practice|clinic|suite|office|offices|venue|hall|hotel|centre|museum|gallery|church|library|college|university"
    r"|conference|workshop|training|event|stand|consulting rooms?|therapy rooms?|appointments|enquiries|bookings?|parking|unit"
    r"|studio|charity|helpline|company|hiring|vacanc\w+|pro rata|salary|full-time|part-time|order|isbn|tickets?|museum|novel"
    r"|film|first address)\b"
)


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out. ACTO's own account gives official contacts: left to O4 and O5."""
    found = []
    row: Any
    for row in rows[rows.author_role != "official"].itertuples():
        for (start, end), words, severity, score in own_details(row):
            found.append(
                {
                    "revision_id": row.revision_id,
                    "start_char": start,
                    "end_char": end,
                    "score": score,
                    "reason": f"The writer gives away {words} in public, where everybody can read it.",
                    "severity": severity,
                }
            )
    return findings(found)


def own_details(row: Any) -> list[tuple[tuple[int, int], str, str, float]]:
    """(span, what it is, severity, score) of each detail in the row that is the writer's own."""
    text = row.normalised_text
    found = []
    for entity in row.entities:
        span = (entity["start_char"], entity["end_char"])
        if entity["kind"] in DETAILS and not entity["published"] and is_own(row, entity["kind"], span):
            found.append((span, *DETAILS[entity["kind"]]))
    if OWN_CHILD.search(text) and not TEACHER.search(text) and (school := NAMED_SCHOOL.search(text)):
        found.append((school, "where a child of theirs goes to school", "high", 0.7))
    if (empty := EMPTY_HOUSE.search(text)) and AWAY.search(text) and not ADVICE.search(text):
        found.append((empty, "when their home stands empty or where its key lies", "high", 0.7))
    if (identity := IDENTITY.search(text)) and not ADVICE.search(text):
        found.append((identity, "an identity document or a security answer", "high", 0.8))
    if ASKED_BIRTH.search(row.parent_text) and (date := FULL_DATE.search(text)) and not SOMEBODY_ELSES.search(text):
        found.append((date, "a full date of birth", "normal", 0.7))
    return found


def is_own(row: Any, kind: str, span: tuple[int, int]) -> bool:
    """Whether a detail is the writer's own: nobody else is named with it, and it is no business or venue."""
    text = row.normalised_text
    first, last = sentence(text, *span)
    others = [person for person in row.people if person["member_id"] != row.author_member_id]
    if SOMEBODY_ELSES.search(text[first:last]) or (others and not ME.search(text[first:last])):
        return False
    if kind in OWN_BY_NATURE:
        return True
    if kind != "vehicle_registration" and BUSINESS.search(text[: span[0]] + text[span[1] :]):
        return False
    if kind in ("street_address", "postcode"):
        kinds = {entity["kind"] for entity in row.entities}
        return bool(HOME.search(text)) or {"street_address", "postcode"} <= kinds
    return bool(ME.search(text)) and not (kind == "date_of_birth" and ADVICE.search(text))
