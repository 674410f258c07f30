"""O4: a colleague, and something personal about them, without a sign of permission.

The colleague must be known: named in full or by handle, or by the first name of a member whom the item that is answered
names, or who is called one of the team. Professional news about the same person is nothing personal.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import Span, findings, phrases, sentence, spoken

HEALTH = spoken(
    r"\b(?:cancer|chemo\w*|biopsy|scan result|surgery|operation|ward \d+|hospital|hospice|stroke|seizures?|diabet\w+"
    r"|parkinson'?s|leukaemia|dementia|depress\w+|breakdown|burn ?out|rehab|in recovery|sober|off the wine|drink problem"
    r"|waiting on (?:biopsy )?results|nerves|off (?:sick|with stress|ill)|sick leave|long-term sick|signed off|with stress"
    r"|her nerves|his nerves|pregnan\w*|expecting|twins due|miscarriage|ivf|losses|maternity|infection|diagnos\w+|poorly"
    r"|heart attack|surgeon|migraines|medication)\b"
)
FAMILY = spoken(
    r"\b(?:(?:his|her|their|whose) (?:husband|wife|partner|ex|mum|mother|dad|father|son|daughter|kids|boys|girls|marriage)"
    r"|divorc\w+|separat\w+|wife left|husband left|left (?:him|her)|took the boys|custody|adoption|adopting|affair|cut you off"
    r"|new fella|new bloke|holding hands|gone public|having breakfast in the hotel|got engaged|honeymoon|bereave\w+|funeral"
    r"|care home)\b"
)
MONEY = spoken(
    r"\b(?:bankrupt\w*|mortgage|behind on|child support|salary|in debt|debts|drink-?driving|driving ban|licence off|arrested"
    r"|court case|custody hearing|disciplinary|final warning|sacked|suspended|skint|benefits)\b"
)
WHEREABOUTS = spoken(
    r"\b(?:airport|departures|on holiday in|in (?:malaga|spain|france|tenerife|chennai|italy|portugal|greece)|is in \w+ with"
    r"|back door|door's never locked|lives (?:at|in|above|on|next)|live next door to|moved (?:in )?to|key's under|"
    r"staying (?:at|with)|not back (?:until|till))\b"
)
HOME_CONTACT = spoken(
    r"\b(?:private|personal|home|own) (?:mobile|number|phone|e-?mail|address|account)\b|\bmobile's\b|\bat home\b|\bin (?:her"
    r"|his) pyjamas\b|\bon (?:her|his) sofa\b|\b(?:her|his) (?:flatmate|place)\b"
)
BIRTHDAY = spoken(r"\b(?:birthday|penblwydd|turns? \d\d|\d\d today|turning \d\d|is \d\d (?:today|on))\b")
SIGNS = (
    (HEALTH, "health", 0.8),
    (MONEY, "money or the law", 0.8),
    (HOME_CONTACT, "private contact or home", 0.75),
    (FAMILY, "family or private life", 0.7),
    (WHEREABOUTS, "whereabouts or home", 0.7),
    (BIRTHDAY, "birthday", 0.7),
)
ENTITY_WORDS = {
    "phone": "private telephone number",
    "email": "private e-mail",
    "street_address": "address",
    "postcode": "address",
}
# An address that belongs to an office, not to a person.
SHARED_ADDRESS = spoken(
    r"^(?:info|admin|social|office|hello|contact|enquir\w+|bookings?|chair|secretary|membership|team)@"
)

PERMITTED = spoken(
    r"\b(?:with (?:her|his|their) (?:\w+ )?(?:permission|blessing|consent|ok|okay|say-so)|(?:she|he|they)(?:'s| has|'ve"
    r"| have)? (?:said (?:i|we) (?:can|could|may)|asked (?:me|us) to (?:share|say|tell|post|pass)|agreed"
    r"|given (?:us )?permission|happy for (?:me|us|this|it)|wants? (?:everyone|you all|people) to know|shared (?:this"
    r"|it) (?:herself|himself|publicly))|gyda chaniatâd|as (?:she|he) (?:asked|requested))\b"
)
PROFESSIONAL = spoken(
    r"\b(?:speaking|speaks|talks?|webinar|workshop|podcast|book|blog|article|paper|research|training|course|lecture|keynote"
    r"|conference|qualif\w+|accredit\w+|trustee|fellow|award|episode|video)\b[^.!?]{0,40}\b(?:on|about|for|with|into|in)\b"
)
AT_WORK = spoken(
    r"\b(?:specialis\w+|leads?|runs?|works? (?:with|in)|seminar|explain\w*|trust board|role of|resource|helped (?:my|our|me"
    r"|us)|great with|advice)\b"
)
HISTORY = spoken(r"\b(?:carl rogers|freud|jung|winnicott|bowlby|born (?:on|in) 1[789]\d\d)\b")
OWN = spoken(r"\b(?:i'm|i am|i've|i have|my|me|myself)\b")
COLLEAGUE = spoken(
    r"\b(?:colleague|trustee|our chair|our presenter|our (?:treasurer|volunteer|moderator|deputy chair)|from the office"
    r"|(?:in|at) (?:our|the acto) office|your staff|one of (?:your|our) (?:therapists|members|team))\b"
)
SPEAKS_TO_ONESELF = spoken(r"\b(?:i speak|i talk|my (?:talk|book|webinar)) (?:about|on|of)\b")
THIRD_PERSON = spoken(r"\b(?:he|she|they|his|her|him)(?:'s|'ll|'d)?\b")


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out."""
    found = []
    row: Any
    for row in rows.itertuples():
        text = row.normalised_text
        if PERMITTED.search(text) or HISTORY.search(text):
            continue
        told = shared(row)
        if told is None:
            continue
        span, words, score = told
        start, end = sentence(text, *span)
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": start,
                "end_char": end,
                "score": score,
                "reason": f"It tells about a colleague's {words}; no permission is known.",
                "severity": None,
            }
        )
    return findings(found)


def shared(row: Any) -> tuple[Span, str, float] | None:
    """(span, what is told, score) of the plainest thing told about a colleague, or None."""
    text = row.normalised_text
    others = [person for person in row.people if person["member_id"] != row.author_member_id]
    named = bool(others)
    meant = bool(COLLEAGUE.search(text)) or _names_member(row.parent_text)
    if not named and not (meant and THIRD_PERSON.search(text)):
        return None
    if SPEAKS_TO_ONESELF.search(text):
        return None
    permitted = {what for person in others for what in person["permitted"]}
    for entity in row.entities:
        place = (entity["start_char"], entity["end_char"])
        words = ENTITY_WORDS.get(entity["kind"])
        if entity["kind"] == "email" and SHARED_ADDRESS.search(text[slice(*place)]):
            continue
        if words and not entity["published"] and (named or HOME_CONTACT.search(text)) and not _is_practice(text):
            return place, words, 0.8
    for pattern, words, score in SIGNS:
        span = pattern.search(text)
        if span is None or (words == "birthday" and "birthday" in permitted):
            continue
        if not named and pattern in (BIRTHDAY, WHEREABOUTS):
            continue
        if _tells_of_own(text, span) or _is_their_subject(text, span):
            continue
        return span, words, score
    return None


def _names_member(parent: str) -> bool:
    """Whether what is answered speaks of one person by name, as the posts about members do."""
    return bool(phrases(r"(?-i:\b[A-Z][a-z]+ [A-Z][a-z'’\-]+\b)").search(parent))


def _tells_of_own(text: str, span: Span) -> bool:
    """Whether the sentence is about the writer, not about the colleague: a client on their own troubles, say."""
    start, end = sentence(text, *span)
    near = text[start:end]
    return bool(OWN.search(near)) and not THIRD_PERSON.search(near)


def _is_their_subject(text: str, span: Span) -> bool:
    """Whether it is what a colleague speaks or writes about, not what they live through."""
    start, end = sentence(text, *span)
    return bool(PROFESSIONAL.search(text[start:end]) or AT_WORK.search(text[start:end]))


def _is_practice(text: str) -> bool:
    return bool(phrases(r"\b(?:practice|clinic|enquir|bookings?|directory|suite|new clients|website)\b").search(text))
