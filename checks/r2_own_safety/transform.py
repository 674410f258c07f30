"""R2: somebody gives away their own, or their family's, identifying personal information in public.

Formats come from the shared entities; this check asks whose they are. A colleague's or a third party's details belong to
O4 and O3; a practice, a venue or a museum is nobody's home, and what the roster permits is marked as published.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import findings, left_alone, sentence, spoken

# kind of entity: (what the Chair reads, severity, score)
DETAILS = {
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
OWN_BY_NATURE = {"card_number", "nino", "nhs_number"}
# Bank details say by themselves neither whose they are nor that they are private: charities and firms publish theirs.
OWN_ACCOUNT = ("The writer gives away bank details in public, where everybody can read it.", "high", 0.97)
SOME_ACCOUNT = ("Bank details stand in public, where everybody can read them.", "high", 0.7)

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
# A postcode with this before it is an address, whatever the street is called.
HOUSE_NUMBER = spoken(r"\b\d{1,4}[a-z]?,? (?:the )?(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?\b[^.!?]{0,40}$")
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
WARNING = spoken(
    r"\b(?:scam\w*|fraudsters?|fraud (?:alert|warning)|phishing|spoof\w*|beware|fake|bogus|impostors?|pretend\w* to be)\b",
    r"\b(?:don't|do not|never|nobody should) (?:\w+ )?(?:pay|transfer|send (?:any )?money)\b",
    r"\b(?:somebody|someone) (?:\w+ ){0,3}(?:post|posts|posted|posting|ask|asks|asked|asking|claims?|claiming|wrote|says|sent"
    r"|shared|put)\b",
    r"\b(?:asks?|asked|asking|tells?|told|telling|wants?) (?:\w+ ){0,3}to (?:pay|transfer)\b",
    r"\b(?:is|are|was) (?:this|that|it|these|those) (?:really|actually|truly|genuine\w*|legit\w*|real|the right|the correct"
    r"|your|yours|acto's)\b",
    r"\b(?:rings|rang|ringing|calls|called|calling|phones|phoned|phoning|texts|texted|texting) (?:me|us) (?:\w+ ){0,2}from\b",
)
QUOTED = spoken(r"[\"“«][^\"“”«»]*[\"”»]")
SPECIMEN = spoken(
    r"\b(?:specimen|sample|dummy|made-up|made up|fictitious|invented|test (?:card|number)|example (?:number|card|of)"
    r"|(?:the|an|as an|their|its) example)\b"
)
BANKS = r"(?:monzo|barclays|lloyds|natwest|hsbc|santander|nationwide|halifax|starling|tsb)"
ACCOUNT = rf"(?:accounts?|acct|acc|a/c|bank|banking|sort ?code|iban|{BANKS})"
MINE = spoken(
    rf"\b(?:my|fy) (?:(?:own|new|old|personal|private|current|savings|joint|usual|bank|refund|account) ){{0,2}}"
    rf"(?:{ACCOUNT}|details)\b",
    r"\bmine(?:s|'s)? (?:is|are)\b|\bmine(?:'s|:)|\b(?:got|had|paid|into|here's) mine\b",
    r"\b(?:pay|paying|repay|refund|reimburse|owes?) (?:it |that |the money )?(?:back )?(?:to )?me\b|\bstraight to me\b",
    r"\b(?:refund|return|repay|reimburse) my\b|\brefund (?:it|this|please|pls|to|into)\b",
    r"\b(?:the|my) refund (?:goes|is to go|should go|must go|needs to go|can go) (?:in)?to\b",
    r"\b(?:want|need|like|owed|due|await|awaiting|waiting for) (?:\w+ ){0,2}(?:refund|money back)\b",
    rf"\bi bank (?:with|at)\b|\bi'm with {BANKS}\b",
    rf"\bour (?:joint|family|household|home) (?:\w+ )?{ACCOUNT}\b",
)
PAID_AWAY = spoken(
    r"\b(?:went|gone|goes|vanished)\b[^.!?]{0,30}\b(?:to|into)\b",
    r"\b(?:i|i've|we|we've|he|she|they) (?:\w+ )?(?:paid|sent|transferred)\b[^.!?]{0,30}\b(?:to|into)\b",
)
NOT_A_PERSONS = spoken(
    r"\b(?:donat\w+|donors?|fundrais\w+|appeal|charit\w+|trust|foundation|society|association|fees?|subs|subscriptions?|invoices?"
    r"|deposits?|firm|business|ltd|limited|llp|cic|plc|treasurer|members can|acto's)\b",
    rf"\b(?:his|her|their|your|whose) (?:\w+ ){{0,2}}{ACCOUNT}\b",
)
DONATIONS = spoken(r"\b(?:donations?|donate|donors?|fundrais\w+|charit\w+|appeal)\b")
ASKED_REFUND = spoken(
    r"\b(?:refund\w*|reimburse\w*|pay (?:you|u)|owe you|owed|expenses|your (?:bank|account|sort ?code))\b"
)
BESIDE_AN_ACCOUNT = spoken(
    rf"\b(?:{ACCOUNT}|codes?|sort|number|num|no|bacs|details|name|refund|and|then|is|it's|its|here|here's|you|go|to|for|the|please|pls"
    r"|plz|thanks|thank|many|ta|cheers|hi|hiya|hello|yes|sure|course|love|x+)\b",
    r"\b(?:(?:mr|mrs|ms|miss|mx|dr)\.? )?(?:(?-i:[A-Z])\.? ?){1,3} ?(?-i:[A-Z])[a-z]+\b",
)
WORD = spoken(r"[\pL\pN]")


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out. ACTO's own account gives official contacts: left to O4 and O5."""
    found = []
    row: Any
    for row in rows[rows.author_role != "official"].itertuples():
        details = own_details(row)
        if not details and (words := shared_for_all(row)):
            found.append(left_alone(row, words, "These bank details are a charity's, or somebody warns of them."))
        for (start, end), reason, severity, score in details:
            found.append(
                {
                    "revision_id": row.revision_id,
                    "start_char": start,
                    "end_char": end,
                    "score": score,
                    "reason": reason,
                    "severity": severity,
                }
            )
    return findings(found)


def own_details(row: Any) -> list[tuple[tuple[int, int], str, str, float]]:
    """(span, reason, severity, score) of each detail in the row that is, or may be, the writer's own."""
    text = row.normalised_text
    accounts, found = [], []
    for entity in row.entities:
        span = (entity["start_char"], entity["end_char"])
        if entity["published"]:
            continue
        if entity["kind"] == "bank_account" and (account := account_of(row, span)):
            accounts.append((span, *account))
        elif entity["kind"] in DETAILS and is_own(row, entity["kind"], span):
            kind = entity["kind"]
            if kind == "postcode" and HOUSE_NUMBER.search(text[: span[0]]):
                kind = "street_address"
            found.append((span, *DETAILS[kind][:2], DETAILS[entity["kind"]][2]))
    if OWN_CHILD.search(text) and not TEACHER.search(text) and (school := NAMED_SCHOOL.search(text)):
        found.append((school, "where a child of theirs goes to school", "high", 0.7))
    if (empty := EMPTY_HOUSE.search(text)) and AWAY.search(text) and not ADVICE.search(text):
        found.append((empty, "when their home stands empty or where its key lies", "high", 0.7))
    if (identity := IDENTITY.search(text)) and not ADVICE.search(text) and not is_specimen(text, identity):
        found.append((identity, "an identity document or a security answer", "high", 0.8))
    if ASKED_BIRTH.search(row.parent_text) and (date := FULL_DATE.search(text)) and not SOMEBODY_ELSES.search(text):
        found.append((date, "a full date of birth", "normal", 0.7))
    return accounts + [
        (span, f"The writer gives away {words} in public, where everybody can read it.", severity, score)
        for span, words, severity, score in found
    ]


def account_of(row: Any, span: tuple[int, int]) -> tuple[str, str, float] | None:
    """(reason, severity, score) of bank details: for those whose owner is not said, what is true whoever it is.

    None for those that are plainly not the writer's own: a charity's, a firm's, what somebody warns of or quotes.
    """
    text = row.normalised_text
    if is_anothers(row, span):
        return None
    mine = bool(MINE.search(text))
    if is_quoted(text, span):
        return None
    if WARNING.search(text) or PAID_AWAY.search(text):
        return SOME_ACCOUNT if mine else None
    if mine:
        return OWN_ACCOUNT
    if NOT_A_PERSONS.search(text) or BUSINESS.search(text):
        return None
    asked_for_another = NOT_A_PERSONS.search(row.parent_text) and not ASKED_REFUND.search(row.parent_text)
    if stands_alone(row) and not asked_for_another and not WARNING.search(row.parent_text):
        return OWN_ACCOUNT
    return SOME_ACCOUNT


def shared_for_all(row: Any) -> tuple[int, int] | None:
    """The sentence with bank details for donations, or that somebody warns of; None where the writer is in it."""
    text = row.normalised_text
    accounts = [entity for entity in row.entities if entity["kind"] == "bank_account"]
    if not accounts or ASKED_REFUND.search(text) or not (WARNING.search(text) or DONATIONS.search(text)):
        return None
    first, last = sentence(text, accounts[0]["start_char"], accounts[-1]["end_char"])
    return None if ME.search(text[first:last]) else (first, last)


def stands_alone(row: Any) -> bool:
    """Whether the row says nothing but bank details, as an answer to who is to be paid does."""
    rest = list(row.normalised_text)
    for entity in row.entities:
        if entity["kind"] == "bank_account":
            start, end = entity["start_char"], entity["end_char"]
            rest[start:end] = " " * (end - start)
    for start, end in BESIDE_AN_ACCOUNT.find_all("".join(rest)):
        rest[start:end] = " " * (end - start)
    return not WORD.search("".join(rest))


def is_quoted(text: str, span: tuple[int, int]) -> bool:
    """Whether the span stands between quotation marks: somebody else said it."""
    return any(first < span[0] and span[1] < last for first, last in QUOTED.find_all(text))


def is_specimen(text: str, span: tuple[int, int]) -> bool:
    """Whether the words beside an identifying number say that it is made up or warned of, and not that it is the writer's."""
    first, last = sentence(text, *span)
    said = text[first:last]
    return bool(SPECIMEN.search(said) or WARNING.search(said)) and not ME.search(said)


def is_anothers(row: Any, span: tuple[int, int]) -> bool:
    """Whether the sentence around a detail says that it is somebody else's."""
    first, last = sentence(row.normalised_text, *span)
    said = row.normalised_text[first:last]
    others = [person for person in row.people if person["member_id"] != row.author_member_id]
    return bool(SOMEBODY_ELSES.search(said) or (others and not ME.search(said)))


def is_own(row: Any, kind: str, span: tuple[int, int]) -> bool:
    """Whether a detail is the writer's own: nobody else is named with it, and it is no business or venue."""
    text = row.normalised_text
    if is_anothers(row, span):
        return False
    if kind in OWN_BY_NATURE:
        return not is_specimen(text, span)
    first, last = sentence(text, *span)
    if WARNING.search(text[first:last]):
        return False
    if kind != "vehicle_registration" and BUSINESS.search(text[: span[0]] + text[span[1] :]):
        return False
    if kind in ("street_address", "postcode"):
        kinds = {entity["kind"] for entity in row.entities}
        return bool(HOME.search(text)) or {"street_address", "postcode"} <= kinds
    return bool(ME.search(text)) and not (kind == "date_of_birth" and ADVICE.search(text))
