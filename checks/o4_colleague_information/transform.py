"""O4: a colleague, and something personal about them, without a sign of permission.

The colleague must be known: named in full or by handle, or by the first name of a member whom the item that is answered
names, or who is called one of the team. Professional news about the same person is nothing personal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import pandas as pd

from checks.phrases import Span, findings, left_alone, phrases, sentence, sentences, spoken
from warehouse.ranges import joined

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
# What stands between a negation and a permission that it does not deny: "I don't gossip but with her permission …".
BREAK = spoken(r"[;:()–—]|\s-\s|\b(?:but|and|worry|worries)\b")
# What denies or doubts a permission, at the end of the words before it and at the beginning of those behind it.
DOUBTED_BEFORE = spoken(
    r"\b(?:not|no|never|nor|neither|hardly|cannot|nobody|doubt\w*|pretend\w*|apparently|supposedly|allegedly|presumably"
    r"|probably|maybe|perhaps|nid|ddim|(?:do|does|did|is|are|was|were|has|have|had|would|wo|ca|could|should|ai)n't)\b"
    r"(?:\s*,[^,]{1,20},)?[^,]*$",
    r"\b(?:if|whether|unless|until|till|once|in case|as soon as|wish\w*)(?: \w+){0,3}\s*$",
    r"\b(?:think|thought|guess|reckon|suppose|presume|assum\w+|believe|imagine|hop\w+|bet|sure|certain) (?:that )?$",
)
_NOT_HERE = r"to (?:tell|say|share|post|name|mention)|on here|here|publicly|online|yet"
DOUBTED_AFTER = spoken(
    r"^(?:['’]t\b|\s+(?:not|never)\b|\s+(?:absolutely |you )?(?:nothing|nobody|no[ \-]one|none)\b|[^,;:.!?\n]{0,40}\?"
    rf"|\W{{0,3}}or (?:without|not)\b|[^.!?:;]{{0,60}}\bbut not (?:{_NOT_HERE})\b)",
    r"\bchanged (?:her|his|their) mind(?:[.,;!?)]|\s*$|\s+(?:since|later|now|but|and|so|though|afterwards)\b)",
    r"\b(?:took|taken) (?:it|that) back\b|\bwithdr\w+ (?:it|that|(?:her|his|their) (?:permission|consent|blessing))\b",
)
# So many characters beside a permission can deny it; in a longer sentence it does not stand alone.
NEAR = 300
# A sentence of these words alone, beside the permission, speaks of what is told beside it: "She asked us to tell you all".
_POINTING = spoken(
    r"\b(?:i|i'm|i've|we|we're|me|us|you|all|everyone|everybody|people|this|that|it|these|words|news|so|here|now|today"
    r"|publicly|online|on|to|be|is|was|am|are|and|for|with|by|the|a|her|his|their|she|he|they|shar\w+|post\w*|tell\w*|told"
    r"|say\w*|said|mention\w*|pass\w*|put|up|can|could|may|know|have|has|happy|of course|also|just|only)\b"
)
_REASON = spoken(r"\b(?:because|since|before)\b")
_WORD = phrases(r"[\pL\pN]+")
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
        said = said_to_be_permitted(text)
        told = shared(row, said)
        if told is None:
            found += [left_alone(row, span, PERMISSION) for span in said]
            continue
        span, words, score, permission = told
        start, end = sentence(text, *span)
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": start,
                "end_char": end,
                "score": score,
                "reason": f"It tells about a colleague's {words}; {_lacking(_others(row), permission)}.",
                "severity": None,
            }
        )
    return findings(found)


def said_to_be_permitted(text: str) -> list[Span]:
    """Where the text says that somebody has given permission: the sentences that say so, each with one that it points to."""
    parts = sentences(text)
    covered = set()
    for said in PERMITTED.find_all(text):
        number = bisect_right(parts, said[0], key=lambda part: part[1])
        if not _is_doubted(text[parts[number][0] : said[0]][-NEAR:], text[said[1] : said[1] + NEAR]):
            covered |= {number, *_pointed_to(text, parts, number, said)}
    return joined(parts[number] for number in covered)


def _is_doubted(before: str, after: str) -> bool:
    """Whether the words before or after deny a permission or only hope for it: "not with her blessing", "if she said I could"."""
    begins = max((end for _, end in BREAK.find_all(before)), default=0)
    return bool(DOUBTED_BEFORE.search(before[begins:]) or DOUBTED_AFTER.search(after))


def _pointed_to(text: str, parts: Sequence[Span], number: int, said: Span) -> list[int]:
    """The sentences beside that with this number that its permission is for: it ends in a colon, or says nothing else."""
    start, end = parts[number]
    after = [number + 1] if number + 1 < len(parts) else []
    if text[start:end].rstrip().endswith(":"):
        return after
    if end - start > NEAR or _tells(text[start:end]):
        return []
    if not (_only_points(text[start : said[0]]) and _only_points(text[said[1] : end])):
        return []
    beside = ([number - 1] if number else []) + after
    telling = [one for one in beside if _tells(text[slice(*parts[one])])]
    # Where both tell, it is not plain which it is for.
    return (telling or beside) if len(telling) < 2 else []


def _only_points(words: str) -> bool:
    reason = _REASON.search(words)
    words = words[: reason[0]] if reason else words
    pointing = _POINTING.find_all(words)
    return all(any(first <= start and end <= last for first, last in pointing) for start, end in _WORD.find_all(words))


def _tells(words: str) -> bool:
    return any(pattern.search(words) for pattern in (PHOTO, *(one for one, _, _, _ in SIGNS)))


def all_permitted(row: Any) -> Span | None:
    """Where it stands that every colleague named has allowed all that is told, by the roster or the register; else None."""
    others = _others(row)
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


def shared(row: Any, said: Sequence[Span] = ()) -> tuple[Span, str, float, str] | None:
    """(span, what is told, score, the permission it needs) of the plainest thing told about a colleague, or None; the spans
    `said` to be permitted do not count.
    """
    text = row.normalised_text
    others = _others(row)
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
        if entity["published"] or permission in permitted or _meets(place, said):
            continue
        if words and (named or _is_private(text)) and not _is_practice(text):
            return place, words, 0.8, permission
    for pattern, words, score, permission in SIGNS:
        span = next((place for place in pattern.find_all(text) if not _meets(place, said)), None)
        if span is None or permission in permitted:
            continue
        if not named and pattern in (BIRTHDAY, WHEREABOUTS):
            continue
        if _tells_of_own(text, span) or _is_their_subject(text, span):
            continue
        return span, words, score, permission
    return None


def _meets(place: Span, spans: Sequence[Span]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in spans)


def _others(row: Any) -> list[dict[str, Any]]:
    """Whom of the roster the row names, but for its author."""
    return [person for person in row.people if person["member_id"] != row.author_member_id]


def _lacking(people: Sequence[dict[str, Any]], permission: str) -> str:
    """What is known of a permission that does not hold for all of the people, for the Chair."""
    ended = [one["until"] for person in people for one in person["ended"] if one["what"] == permission]
    permitted = any(permission in person["permitted"] for person in people)
    if (ended or permitted) and len({person["member_id"] for person in people}) > 1:
        return "not everybody named is known to permit it"
    return f"their permission for this ended on {max(ended):%-d %b %Y}" if ended else "no permission for this is known"


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
