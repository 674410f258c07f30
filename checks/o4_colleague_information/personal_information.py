"""What is told of a colleague: how personal things are said, and how professional news, which is none of them.

The colleague must be known: named in full or by handle, or by the first name of a member whom the item that is answered
names, or who is called one of the team.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Any

from checks.phrases import Span, meets, phrases, sentences, spoken

HEALTH = spoken(
    r"\b(?:cancer|chemo\w*|biopsy|scan result|surgery|operation|ward \d+|hospital|hospice|stroke|seizures?|diabet\w+"
    r"|parkinson'?s|leukaemia|dementia|depress\w+|breakdown|burn ?out|rehab|in recovery|sober|off the wine|drink problem"
    r"|waiting on (?:biopsy )?results|nerves|off (?:sick|with stress|ill)|sick leave|long-term sick|signed off|with stress"
    r"|her nerves|his nerves|pregnan\w*|expecting|twins due|miscarriage|ivf|losses|maternity|infection|diagnos\w+|poorly"
    r"|heart attack|surgeon|migraines|medication"
    r"|unwell|(?:is|(?:he|she)'s|was|been|taken|fell|fallen|very|still|seriously) ill|(?:his|her|their) illness|sick note"
    r"|medical leave|on the mend|(?:is|'s|be|been|still|now) recovering|relapsed|(?:had|after|since) a (?:\w+ )?fall|in plaster"
    r"|in a cast|crutches|(?:broken|broke|fractured?|sprained|dislocated|torn) (?:(?:his|her|their|a|an|both) )?"
    r"(?:left |right )?(?:leg|arm|hip|wrist|ankle|knee|foot|toe|hand|finger|shoulder|elbow|collarbone|ribs?|pelvis|nose|jaw)"
    r"|(?:has|have|had|got|caught|(?:down|ill|off) with) (?:(?:a|the|bad|nasty|just|got|had|caught) ){0,2}(?:covid|flu|shingles)"
    r"|(?:hip|knee) replacement|concuss\w+|long covid|pneumonia|sepsis|tumou?rs?|lymphoma|melanoma|multiple sclerosis|angina"
    r"|asthma|epilep\w+|arthritis|alzheimer'?s|radiotherapy|mastectomy|hysterectomy|transplant|dialysis|pacemaker"
    r"|(?:mri|ct) scan|an mri|chest pains?|intensive care|caesarean|c-section|baby (?:is )?due|lost (?:the|a) baby"
    r"|(?:having|to have|will have) (?:a|another) (?:\w+ )?baby)\b"
)
_KIN = (
    r"(?:(?:late|eldest|oldest|older|youngest|younger|little|new|dear|frail|elderly) )?(?:husband|wife|partner|ex|mum|mother|dad"
    r"|father|son|daughter|brother|sister|twins|kids|boys|girls|marriage|wedding|fianc[eé]e?|boyfriend|girlfriend|nan|gran|granny"
    r"|grandad|grandmother|grandfather|grandson|granddaughter|grandchild(?:ren)?|aunt|uncle|niece|nephew|cousin|stepson"
    r"|stepdaughter)"
)
FAMILY = spoken(
    rf"\b(?:(?:his|her|their|whose) {_KIN}|(?:his|her|whose) parents|(?:his|her|their) (?:elderly|frail) parents"
    r"|(?-i:[A-Z]\pL+)[']s (?:husband|wife|mum|mother|dad|father|son|daughter|brother|sister (?:is|was|has|had|died|lives))"
    r"|divorc\w+|separat\w+|wife left|husband left|left (?:him|her)|took the boys|custody|adoption|adopting|affair|cut you off"
    r"|new fella|new bloke|holding hands|gone public|having breakfast in the hotel|got engaged|honeymoon|bereave\w+|funeral"
    r"|care home|(?:getting|get|got|just|newly) married|tied the knot|(?:is|are|'s|now) engaged to|(?:his|her|their) break-?up"
    r"|(?:split|broken|broke) up with|(?:has|have|they) (?:just )?(?:split|broken) up|gave birth|given birth"
    r"|(?:had|has|welcomed) (?:a|another) (?:\w+ )?(?:baby|little girl|little boy|son|daughter)|baby (?:arrived|was born)"
    r"|(?:become|becoming|became) (?:a )?(?:mum|mother|dad|father|parents?|nan|gran|granny|grandad|grandmother|grandfather"
    r"|grandparents?)|(?:paternity|parental|compassionate|carer'?s) leave|family (?:emergency|crisis|reasons)"
    r"|(?:mum|mother|dad) and (?:the )?(?:baby|bump|twins))\b"
)
MONEY = spoken(
    r"\b(?:bankrupt\w*|mortgage|behind on|child support|salary|in debt|debts|drink-?driving|driving ban|licence off|arrested"
    r"|court case|custody hearing|disciplinary|final warning|sacked|suspended|skint|benefits"
    r"|(?:been|was|is|being|got) made redundant|(?:lost|losing) (?:his|her|their) job|(?:is|'s|been) out of work"
    r"|(?:being|is|been) sued|short of money|money (?:troubles|worries|problems)|hard up|overdrawn|bailiffs|repossess\w+"
    r"|(?:won|win) (?:\w+ ){0,5}lottery|came into money)\b"
)
WHEREABOUTS = spoken(
    r"\b(?:airport|departures|on holiday|in (?:malaga|spain|france|tenerife|chennai|italy|portugal|greece)|is in \w+ with"
    r"|staying (?:with|at (?:the|an?|his|her|their|my|our|\d+|(?-i:\p{Lu}\pL*)))"
    r"|not back (?:until|till)|on annual leave|on leave (?:until|till|from|this|next)|sabbatical"
    r"|(?:is|are|'s|be|been|going|was) away (?:in|at|until|till|from|this|next)|out of the country"
    r"|(?:flown|flew|flies|flying|fly) (?:out |off |home )?to|travelling (?:round|around|through))\b"
)
PRIVATE_PHONE = spoken(r"\b(?:private|personal|home|own) (?:mobile|number|phone)\b|\bmobile's\b")
PRIVATE_EMAIL = spoken(r"\b(?:private|personal|home|own) (?:e-?mail|account)\b")
HOME = spoken(
    r"\b(?:private|personal|home|own) address\b|\bin (?:her|his) pyjamas\b|\bon (?:her|his) sofa\b"
    r"|\b(?:r[iu]ng|call|phone|find|visit|catch|reach) (?:\w+ ){1,3}at home\b"
    r"|\b(?:her|his) (?:flatmate|place)\b|\b(?:back door|door's never locked|lives (?:at|in|above|on|next)"
    r"|live next door to|moved (?:in )?to|key's under|(?:moving|moved) (?:house|home|flat)"
    r"|(?:bought|buying) (?:a|the|his|her|their) (?:\w+ )?(?:house|flat|cottage|bungalow)"
    r"|(?:his|her|their) new (?:house|home|flat|cottage|bungalow))\b"
)
# Who only rests there is not told how to be found; a number or an address beside it is a private one all the same.
AT_HOME = spoken(r"\bat home\b")
BIRTHDAY = spoken(
    r"\b(?:birthday|penblwydd|turns? \d\d|\d\d today|turning \d\d|is \d\d (?:today|on)|many happy returns|born on this day"
    r"|celebrat\w+ (?:his|her|their) \d\dth|the big (?:\d0|(?:three|four|five|six|seven|eight|nine)[ \-]?(?:0|oh?)))\b"
)
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
PROFESSIONAL = spoken(
    r"\b(?:speaking|speaks|talks?|webinar|workshop|podcast|book|blog|article|paper|research|training|course|lecture|keynote"
    r"|conference|qualif\w+|accredit\w+|trustee|fellow|award|episode|video)\b[^.!?]{0,40}\b(?:on|about|for|with|into|in)\b"
)
AT_WORK = spoken(
    r"\b(?:specialis\w+|leads?|runs?|works? (?:with|in)|seminar|explain\w*|trust board|role of|resource|helped (?:my|our|me"
    r"|us)|great with|advice)\b"
)
OWN = spoken(r"\b(?:i'm|i am|i've|i have|my|me|myself)\b")
COLLEAGUE = spoken(
    r"\b(?:colleague|trustee|our chair|our presenter|our (?:treasurer|volunteer|moderator|deputy chair)|from the office"
    r"|(?:in|at) (?:our|the acto) office|your staff|one of (?:your|our) (?:therapists|members|team))\b"
)
# What stands between the name of a colleague and what they are to ACTO: "our trustee Jane Smith", "Jane Smith, our trustee".
_BEFORE_NAME = spoken(r"^\s*,?\s*(?:(?:dr|mr|mrs|ms|miss|mx|prof)\.?\s)?$")
_AFTER_NAME = spoken(
    r"^\s*[,(]?\s*(?:(?:our|my|your|the|an?|acto's|acto) )?(?:(?:new|former|dear|lovely|fellow|own|acto) )?$"
)
_NAME_FOLLOWS = phrases(r"(?-i:^\s+\p{Lu}\p{Ll})")
SPEAKS_TO_ONESELF = spoken(r"\b(?:i speak|i talk|my (?:talk|book|webinar)) (?:about|on|of)\b")
THIRD_PERSON = spoken(r"\b(?:he|she|they|his|her|him)(?:'s|'ll|'d)?\b")
HE = spoken(r"\b(?:he|him|his|himself)(?:'s|'ll|'d)?\b")
SHE = spoken(r"\b(?:she|her|hers|herself)(?:'s|'ll|'d)?\b")
FULL_NAME = phrases(r"(?-i:\b[A-Z][a-z]+ [A-Z][a-z'’\-]+\b)")
CAPITAL = phrases(r"(?-i:\b\p{Lu}\p{Ll}[\p{L}'’\-]*)")
# Words with a capital that are nobody's name; where there is another, somebody else may be meant.
NO_NAME = spoken(
    r"\b(?:(?:he|she|they)(?:'s|'ll|'d|'re|'ve)?|his|her|their|it|it's|we|we're|you|i'm|i've|the|a|an|and|but|so|as|at|in|on|off"
    r"|to|with|not|no|yes|yeah|oh|sorry|sadly|apparently|unfortunately|still|just|only|thanks|thank|please|there|this|that|all"
    r"|where|when|why|who|what|how|has|have|is|are|does|do|did|was|any|anyone|anybody|everyone|everybody|dear|hello|hi|hey"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|christmas|easter)\b"
)


def shared(row: Any, permitted: Collection[str], said: Sequence[Span]) -> tuple[Span, str, float, str] | None:
    """(span, what is told, score, the permission it needs) of the plainest thing told about a colleague, or None; what they
    have `permitted` and the spans `said` to be permitted do not count.
    """
    text = row.normalised_text
    named = bool(others(row))
    meant = bool(COLLEAGUE.search(text)) or _names_member(row.parent_text)
    if not named and not (meant and THIRD_PERSON.search(text)):
        return None
    if SPEAKS_TO_ONESELF.search(text):
        return None
    for entity in row.entities:
        place = (entity["start_char"], entity["end_char"])
        words, permission = ENTITIES.get(entity["kind"], ("", ""))
        if entity["kind"] == "email" and SHARED_ADDRESS.search(text[slice(*place)]):
            continue
        if entity["published"] or permission in permitted or meets(place, said):
            continue
        if words and (named or _is_private(text)) and not _is_practice(text):
            return place, words, 0.8, permission
    parts = sentences(text)
    aside: dict[int, bool] = {}
    for pattern, words, score, permission in SIGNS:
        if permission in permitted or (not named and pattern in (BIRTHDAY, WHEREABOUTS)):
            continue
        for place in pattern.find_all(text):
            number = bisect_right(parts, place[0], key=lambda part: part[1])
            if number not in aside:
                near = text[slice(*parts[number])]
                aside[number] = _tells_of_own(near) or _is_their_subject(near)
            if not aside[number] and not meets(place, said):
                return place, words, score, permission
    return None


def tells(words: str) -> bool:
    """Whether `words` tell anything personal, a photograph among it."""
    return any(pattern.search(words) for pattern in (PHOTO, *(one for one, _, _, _ in SIGNS)))


def others(row: Any) -> list[dict[str, Any]]:
    """Whom of the roster the row names, but for its author."""
    return [person for person in row.people if person["member_id"] != row.author_member_id]


def spoken_of(row: Any) -> list[dict[str, Any]]:
    """Whom the row is about: whom it names; or, where it names nobody and speaks of one he or she, the one member whom the text
    that it answers names, if that names nobody else.
    """
    named, text = others(row), row.normalised_text
    if named or COLLEAGUE.search(text) or not THIRD_PERSON.search(text) or (HE.search(text) and SHE.search(text)):
        return named
    if _other_names(text, []):
        return []
    answered: list[dict[str, Any]] = [one for one in row.parent_people if one["member_id"] != row.author_member_id]
    names = [(one["start_char"], one["end_char"]) for one in answered]
    alone = len({one["member_id"] for one in row.parent_people}) == 1 and not _other_names(row.parent_text, names)
    return answered if alone else []


def speaks_of_another(row: Any) -> bool:
    """Whether the row speaks of a colleague whom it does not name: "our treasurer", but not "our treasurer Jane Smith"."""
    text = row.normalised_text
    names = [(person["start_char"], person["end_char"]) for person in row.people]
    return any(not _is_named(text, place, names) for place in COLLEAGUE.find_all(text))


def _is_named(text: str, called: Span, names: Sequence[Span]) -> bool:
    """Whether one of the `names` stands beside what a colleague is `called`."""
    start, end = called
    if any(first >= end and _BEFORE_NAME.search(text[end:first]) for first, _ in names):
        return True
    # "Jane Smith, our trustee Somebody Else".
    if _NAME_FOLLOWS.search(text[end:]):
        return False
    return any(last <= start and _AFTER_NAME.search(text[last:start]) for _, last in names)


def _other_names(text: str, names: Sequence[Span]) -> bool:
    """Whether a word with a capital, beside the `names`, may be somebody's name."""
    known = NO_NAME.find_all(text)
    return any(place not in known and not meets(place, names) for place in CAPITAL.find_all(text))


def _is_private(text: str) -> bool:
    return any(pattern.search(text) for pattern in (PRIVATE_PHONE, PRIVATE_EMAIL, HOME, AT_HOME))


def _names_member(parent: str) -> bool:
    """Whether what is answered speaks of one person by name, as the posts about members do."""
    return bool(FULL_NAME.search(parent))


def _tells_of_own(near: str) -> bool:
    """Whether a sentence is about the writer, not about the colleague: a client on their own troubles, say."""
    return bool(OWN.search(near)) and not THIRD_PERSON.search(near)


def _is_their_subject(near: str) -> bool:
    """Whether a sentence has what a colleague speaks or writes about, not what they live through."""
    return bool(PROFESSIONAL.search(near) or AT_WORK.search(near))


def _is_practice(text: str) -> bool:
    return bool(phrases(r"\b(?:practice|clinic|enquir|bookings?|directory|suite|new clients|website)\b").search(text))
