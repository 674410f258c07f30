"""O4: a colleague, and something personal about them, without a sign of permission.

The colleague must be known: named in full or by handle, or by the first name of a member whom the item that is answered
names, or who is called one of the team. Professional news about the same person is nothing personal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from checks.phrases import Span, findings, left_alone, phrases, sentence, spoken

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
    r"|staying (?:at|with)|not back (?:until|till))\b"
)
PRIVATE_PHONE = spoken(r"\b(?:private|personal|home|own) (?:mobile|number|phone)\b|\bmobile's\b")
PRIVATE_EMAIL = spoken(r"\b(?:private|personal|home|own) (?:e-?mail|account)\b")
HOME = spoken(
    r"\b(?:private|personal|home|own) address\b|\bat home\b|\bin (?:her|his) pyjamas\b|\bon (?:her|his) sofa\b"
    r"|\b(?:her|his) (?:flatmate|place)\b|\b(?:back door|door's never locked|lives (?:at|in|above|on|next)"
    r"|live next door to|moved (?:in )?to|key's under)\b"
)
BIRTHDAY = spoken(r"\b(?:birthday|penblwydd|turns? \d\d|\d\d today|turning \d\d|is \d\d (?:today|on))\b")
PHOTO = spoken(r"\b(?:photos?|pics?|pictures?|selfies?|snaps?|snapped|llun(?:iau)?)\b")
# How it is told of, what the Chair reads, how sure that is, and what permission it would need (checks/roster.py).
SIGNS = (
    (HEALTH, "health", 0.8, "health"),
    (MONEY, "money or the law", 0.8, "finances"),
    (PRIVATE_PHONE, "private contact or home", 0.75, "private_phone"),
    (PRIVATE_EMAIL, "private contact or home", 0.75, "private_email"),
    (HOME, "private contact or home", 0.75, "home_address"),
    (FAMILY, "family or private life", 0.7, "family"),
    (WHEREABOUTS, "whereabouts or home", 0.7, "whereabouts"),
    (BIRTHDAY, "birthday", 0.7, "birthday"),
)
ENTITIES = {
    "phone": ("private telephone number", "private_phone"),
    "email": ("private e-mail", "private_email"),
    "street_address": ("address", "home_address"),
    "postcode": ("address", "home_address"),
}
# An address that belongs to an office, not to a person.
SHARED_ADDRESS = spoken(
    r"^(?:info|admin|social|office|hello|contact|enquir\w+|bookings?|chair|secretary|membership|team)@"
)

# Who agreed to something else has not agreed to be talked of.
_AGREED = r"agreed (?:(?:to|that|for) (?:\w+ ){0,5})?(?:shar\w+|post\w*|tell\w*|say\w*|mention\w*|nam(?:e|ing)|public)"
PERMITTED = spoken(
    r"\b(?:with (?:her|his|their) (?:\w+ )?(?:permission|blessing|consent|ok|okay|say-so)|(?:she|he|they)(?:'s| has|'ve"
    rf"| have)? (?:said (?:i|we) (?:can|could|may)|asked (?:me|us) to (?:share|say|tell|post|pass)|{_AGREED}"
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
PERMISSION = "Permission is known, or said to have been given."


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out."""
    found = []
    row: Any
    for row in rows.itertuples():
        text = row.normalised_text
        if permitted := all_permitted(row):
            found.append(left_alone(row, permitted, PERMISSION))
            continue
        if HISTORY.search(text):
            continue
        told = shared(row)
        permitted = said_to_be_permitted(text)
        if permitted and not (told and _apart(told[0], permitted)):
            found.append(left_alone(row, permitted, PERMISSION))
            continue
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


def said_to_be_permitted(text: str) -> Span | None:
    """Where the text says that somebody has given permission: the sentence that says so and those beside it."""
    said = PERMITTED.search(text)
    if said is None:
        return None
    start, end = sentence(text, *said)
    before, after = len(text[:start].rstrip()), end + len(text[end:]) - len(text[end:].lstrip())
    return (
        sentence(text, before - 1, before)[0] if before else start,
        sentence(text, after, after + 1)[1] if after < len(text) else end,
    )


def all_permitted(row: Any) -> Span | None:
    """Where it stands that every colleague named has allowed all that is told, by the roster or the register; else None."""
    others = [person for person in row.people if person["member_id"] != row.author_member_id]
    allowed, text = _permitted_by_all(others), row.normalised_text
    told = [(pattern.search(text), permission) for pattern, _, _, permission in SIGNS]
    told += [(PHOTO.search(text), "photo")]
    told += [
        ((entity["start_char"], entity["end_char"]), ENTITIES.get(entity["kind"], ("", "nothing allows it"))[1])
        for entity in row.entities
        if not entity["published"]
    ]
    places = [(place, permission) for place, permission in told if place]
    # "Our treasurer": somebody else is spoken of, whom the roster does not know by name.
    if not places or COLLEAGUE.search(text) or not {permission for _, permission in places} <= allowed:
        return None
    told_from, told_to = min(place[0] for place, _ in places), max(place[1] for place, _ in places)
    names = [(person["start_char"], person["end_char"]) for person in others]
    return min([told_from, *(start for start, _ in names)]), max([told_to, *(end for _, end in names)])


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
    permitted = _permitted_by_all(others)
    for entity in row.entities:
        place = (entity["start_char"], entity["end_char"])
        words, permission = ENTITIES.get(entity["kind"], ("", ""))
        if entity["kind"] == "email" and SHARED_ADDRESS.search(text[slice(*place)]):
            continue
        if entity["published"] or permission in permitted:
            continue
        if words and (named or _is_private(text)) and not _is_practice(text):
            return place, words, 0.8
    for pattern, words, score, permission in SIGNS:
        span = pattern.search(text)
        if span is None or permission in permitted:
            continue
        if not named and pattern in (BIRTHDAY, WHEREABOUTS):
            continue
        if _tells_of_own(text, span) or _is_their_subject(text, span):
            continue
        return span, words, score
    return None


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _permitted_by_all(people: Sequence[dict[str, Any]]) -> set[str]:
    given = [set(person["permitted"]) for person in people]
    return set.intersection(*given) if given else set()


def _is_private(text: str) -> bool:
    return any(pattern.search(text) for pattern in (PRIVATE_PHONE, PRIVATE_EMAIL, HOME))


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
