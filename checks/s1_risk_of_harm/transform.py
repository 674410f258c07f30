"""S1, beyond the policy: somebody seems to be at risk of harm now.

Single words are useless: campaigns, teaching and idiom use them more often than people in danger do. So signs are added
up: one that leaves no doubt weighs 1, one that may be harmless less, and an item is flagged from 1 upwards. A sign told
as long past, as fiction, as advice or as a joke does not count.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import Phrases, findings, from_word_start, meets, phrases, sentence, spoken
from checks.s1_risk_of_harm.plain_words import (
    ACCIDENT,
    AGREED,
    CONTROL_IN_PLAIN_WORDS,
    HARMING_ONESELF,
    VIOLENCE_TO_ANYBODY,
)

MEDICINE = r"(?:tablets|pills|meds|paracetamol|insulin|co-?codamol)"
BLADE = r"(?:knife|blades?|razor|rope|noose|shotgun)"
DIE = r"(?:die|be dead|kms|(?:kill|unalive|hang|drown) myself|end (?:it all|it tonight|my life)|take my (?:own )?life)"
DYING = r"(?:killing|unaliving|hanging|drowning) myself|ending (?:it all|my (?:own )?life)|taking my (?:own )?life"
NOT_WANT = r"(?:don't|do not|dinnae) (?:even )?(?:want|wanna) (?:to )?"
KIN = r"(?:dad|da|mum|mam|step-?\w{3,7}|brother|uncle|grandad|husband|wife|partner|boyfriend|girlfriend|bf|fella|ex)"
CLOSE = rf"(?:s?he(?:'s)?|(?:my|mums?|her) (?:\w+ )?{KIN}|mum|dad|mam)"
YOUNG = r"(?:(?:grand)?(?:son|daughter)|lad|lass|bairn|wean|niece|nephew|(?:little|wee) (?:boy|girl|sister|brother))"
LOVED = rf"(?:me|us|mum|mam|(?:my|the|our) (?:mum|mam|brother|sister|baby|kids|weans|{YOUNG}))"
BLOW = (
    r"(?:hits?|beats?|punch(?:es|ed)|slap(?:s|ped)|kick(?:s|ed)|strangle[sd]|choke[sd]|batter(?:s|ed)|rape[sd]|threw)"
)
DANGER = r"(?:bridge|ledge|cliffs?|roof|tracks|railway line|pier|multi.?storey|\d+(?:st|nd|rd|th) floor)"

WISH = from_word_start(
    rf"(?:i|i'm|i've) (?:\w+ ){{0,3}}(?:want|wanna|going|gonna|planning|ready|decided|need) (?:to )?{DIE}\b",
    r"(?:going to|gonna|wants to|tried to) (?:kill|hang) (?:my|him|her)self\b|i wish i (?:was|were) dead\b",
    rf"(?:thinking (?:of|about)|thought (?:of|about)|planning|considering) (?:{DYING})\b|s?he (?:\w+ )?wants? to die\b",
    r"(?:i'm|i am|i feel|feeling) (?:\w+ ){0,2}suicidal\b|overdosed (?:last night|today|again)\b",
    r"better off (?:dead|without me)\b|(?:i have|i've|there's|got) nothing (?:left )?to live for\b",
    rf"{NOT_WANT}(?:be alive|exist|wake up|live(?:[.,!]|$)|(?:be here|live) (?:any ?more|tomorrow))",
    r"ddim (?:isie|isio|eisiau) (?:bod yma|byw)|lladd fy hun|voices (?:\w+ ){0,3}(?:jump|die|kill|cut|hurt)\b",
)
FAREWELL = from_word_start(
    r"(?:letters?|notes?) (?:is|are|all) (?:all )?written\b|written my (?:note|letters?)\b",
    r"said my (?:last )?goodbyes\b|talk me out of it\b",
    r"by the time (?:you|u|anyone) (?:read|see)s? this\b",
)
LAST_WORDS = from_word_start(
    r"tell (?:my|him|her|them|the) (?:\w+ ){0,3}(?:i loved? |i'm sorry|it wasn't|(?:that )?i (?:really |did )?(?:tried|try)\b)",
    r"it's tonight\b|(?:today|tonight)(?:'s| is| feels like) the (?:day|night)\b|i have decided\b",
    r"don't (?:come )?look(?:ing)? for me\b|(?:gweud|dweud) ta ta\b",
    r"(?:took|taken|given|gave|giving) (?:away )?(?:all )?(?:the|my) (?:\w+ )?(?:cats?|dogs?|things|stuff|records|rings?|medals) "
    r"(?:away|next door|to (?:my|the|a))\b",
    r"(?:everything|affairs) in order\b|look after my (?:clients|kids|dog|cat|mum)\b",
)
MEANS = from_word_start(
    rf"(?:saving|saved|hoarding|stockpiling) (?:up )?(?:\w+ ){{0,2}}{MEDICINE}",
    rf"(?:{MEDICINE}|{BLADE}) (?:\w+ ){{0,2}}(?:lined up|laid out|counted|ready|in front of me|in my hand|beside me)",
    rf"(?:i|i've|i have|just) (?:just )?(?:taken|took|swallowed) (?:all|every|a (?:load|lot|box|handful|bottle)|loads)"
    rf" (?:\w+ ){{0,3}}{MEDICINE}",
    r"(?:took|taken) (?:them all|the lot)\b",
)
# "An overdose of Bake Off" is none, nor is "taken all my tablets" or "10 units of insulin".
OVERDOSE = from_word_start(
    rf"(?:i|i've|i have|just) (?:just )?(?:taken|took) an overdose(?:[.,!?]|$| (?:last|this|tonight|today|again|on|and|but"
    rf"|of (?:\w+ ){{0,2}}{MEDICINE})\b)",
    r"(?:i|i've|i have|just) (?:just )?(?:taken|took|swallowed) (?:too many|\d\d+|twenty|thirty|forty|fifty)"
    r" (?:of (?:my|the|his|her|mum's|dad's) )?(?:tablets|pills|paracetamols?|co-?codamol)\b",
)
PLACE = from_word_start(
    rf"(?:sat|sitting|stood|standing|walked|drove|i'm|thinking about) (?:\w+ ){{0,6}}{DANGER}\b",
    rf"(?:found|got|bought|have) (?:a|the|my) (?:\w+ )?{BLADE}\b",
)
DESPAIR = from_word_start(
    r"i(?:'m| am) (?:so |just )?(?:done|tired)(?:[.,!;]| and\b| now\b|$)|i won't be here\b|had enough of (?:life|it all)",
    r"wedi cael digon",
    r"can(?:'t|not|nae) (?:go on|do this any ?more|take any ?more|think of one reason|see (?:a|any) way)\b",
    r"no (?:reason|point) (?:to|in) (?:liv|go)|no point (?:any ?more|to anything)",
    r"want it (?:all )?to (?:stop|end|be over)\b",
    r"(?:make it|last) (?:to|through|till) (?:the weekend|the night|tomorrow|christmas)\b",
)
SELF_HARM = from_word_start(
    r"(?:i|i'm|i've|been|keep|started) (?:\w+ ){0,2}(?:cut|cutting|burning) (?:myself|again|my (?:arm|leg|wrist)s?)",
    r"i(?:'ve)? (?:been )?self[- ]?harm(?:ed|ing)? (?:again|last night|tonight)|(?:won't|can't) stop bleeding\b",
)
VIOLENCE = from_word_start(
    rf"{CLOSE} (?:\w+ ){{0,3}}{BLOW} (?:\w+ ){{0,2}}{LOVED}\b",
    rf"{CLOSE} (?:\w+ ){{0,3}}(?:had|has|got|grabbed|held|dragged) me (?:up )?by the (?:throat|neck|hair)\b",
    r"black eye\b|fy (?:nharo|mwrw) i\b|mnie bije",
)
THREAT = from_word_start(
    rf"{CLOSE} (?:\w+ ){{0,8}}(?:says?|said|told) (?:\S+ ){{0,5}}(?:kill|finish|stab|slit) (?:{LOVED}|her|him)\b",
    rf"he(?: has|'s got) (?:a|the|his) (?:\w+ )?(?:{BLADE}|gun|hammer|axe)(?:[ .,!]|$)",
)
CONTROL = from_word_start(
    rf"{CLOSE} (?:\w+ ){{0,3}}(?:locks|tracks|checks|took|taken|takes|has|got) my (?:phone|passport|money|keys|card)\b",
    rf"{CLOSE} (?:\w+ ){{0,3}}(?:locks|locked) (?:me|the (?:door|cupboard|fridge)s?)\b",
    r"outside my (?:house|building|flat)\b",
)
FEAR = from_word_start(
    r"(?:scared|frightened|terrified|feart|afraid) (?:of (?:him|my)|to (?:go|leave|sleep|speak)|for my life)",
    rf"{CLOSE} (?:won't|doesn't|never|doesnae) lets? me\b|never see my (?:kids|children)\b|ofn (?:mynd )?adre",
    r"(?:i'm hiding|without (?:him|her|them) knowing|locked in the bathroom|(?:send|call) the police|ring someone"
    r"|still living here)\b|boję się",
)
CHILD = from_word_start(
    r"(?:i'm|i am|s?he's|s?he is) (?:only |just )?(?:[3-9]|1[0-7]|ten|eleven|twelve|(?:thir|four|fif|six|seven)teen)(?: and"
    r"| n| &|[.,!?]|$| years?)",
    r"in year [1-9]",
    rf"(?:[3-9]|1[0-7])[ -]?(?:yo|yrs? old|years?[ -]old)\b|(?:my|our|her|his|\w+'s) {YOUNG}\b",
)
# A son of 34 is no child, nor is a daughter-in-law, or a nephew who beats his aunt; the Chair is not to read of one.
_FROM_18 = r"(?:1[89]|[2-9]\d)"
GROWN_UP = spoken(
    rf"\b\w+(?:'s)? {YOUNG}(?:,? who)?(?:,| is| aged)* {_FROM_18}\b"
    rf"|\b\w+(?:'s)? {YOUNG} has [^.!?]{{1,40}}, s?he is {_FROM_18}\b",
    rf"\b{_FROM_18}[- ]?(?:yo|yrs?[- ]old|years?[- ]old) {YOUNG}\b|\b\w+(?:'s)? (?:son|daughter)[- ]in[- ]law\b",
    rf"\b\w+(?:'s)? {YOUNG}(?:'s| and (?:her|his)) (?:husband|wife)\b",
    rf"\b\w+(?:'s)? {YOUNG} (?:\w+ ){{0,2}}(?:{BLOW}|locks|shuts|shoves|pushes|twist(?:s|ed)) (?:me|him|her|my|into)\b",
)
CHILD_HARM = from_word_start(
    r"comes? (?:in|into) (?:my|her|his) (?:bed)?room\b|touch(?:es|ing|ed) (?:me|her|him)\b|not to (?:say|tell)\b",
    r"makes (?:me|my) (?:\w+ ){0,3}(?:do|stay|touch|watch|send|take|sit)\b|our (?:little )?secret\b",
    r"if i (?:tell|told|say|said)\b",
    r"(?:burns|bruises|marks) (?:on|all)\b|flinch",
)
CUTTING = from_word_start(r"(?:cutting|self[- ]?harming)(?: again| \w+self| and|[.,!]|$)")

# A child that is told to keep a secret seldom says what it is, but what comes of telling.
_KEEPER = rf"(?:{KIN}|grandpa|coach|teacher|tutor|(?:youth )?leader|priest|vicar|pastor|neighbour|lodger|cousin)"
_SECRET = (
    rf"{_KEEPER} (?:\w+ ){{0,2}}(?:says?|said|tells me|told me|calls) (?:\S+ ){{0,3}}(?:our|a) (?:\w+ )?secret(?:[.,!;]|$"
    r"| (?:cos|because|coz|and|or|if|that|so|cause|when|not)\b)"
)
KEPT_SECRET = from_word_start(_SECRET)
KEPT_BY_FEAR = from_word_start(
    rf"{_SECRET}.{{0,60}}\b(?:if i (?:ever )?(?:tell|told|say|said)\b|(?:hate|hurt|kill|hit|leave) me\b|(?:send|take) me away\b"
    r"|i(?:'ll| will|'d| would) (?:get|be) (?:in(?:to)? trouble|sent away|taken away)\b)",
)

# What needs nothing beside it, and no scorer either.
CERTAINLY = 2.2
# Where nothing but these is told, no life hangs on the hour.
LASTING = {"self-harm", "being watched or controlled", "fear, or not being allowed", "marks or a secret"}
KEPT = "a secret that somebody close wants kept"
# weight, sign, what the Chair reads
SIGNS: list[tuple[float, Phrases, str]] = [
    (1.0, WISH, "a wish or plan to die"),
    (1.0, FAREWELL, "taking leave"),
    (0.6, LAST_WORDS, "last words"),
    (1.0, MEANS, "the means at hand"),
    (CERTAINLY, OVERDOSE, "an overdose"),
    (0.5, PLACE, "a dangerous place or thing"),
    (0.6, DESPAIR, "no way on"),
    (1.0, SELF_HARM, "self-harm"),
    (CERTAINLY, HARMING_ONESELF, "self-harm"),
    (1.0, VIOLENCE, "violence by somebody close"),
    (CERTAINLY, VIOLENCE_TO_ANYBODY, "violence by somebody close"),
    (1.0, THREAT, "a threat by somebody close"),
    (0.6, CONTROL, "being watched or controlled"),
    (CERTAINLY, CONTROL_IN_PLAIN_WORDS, "being watched or controlled"),
    (0.5, FEAR, "fear, or not being allowed"),
    (0.5, CHILD, "a child"),
    (0.5, CHILD_HARM, "marks or a secret"),
    (0.5, CUTTING, "self-harm"),
    (1.0, KEPT_SECRET, KEPT),
    (CERTAINLY - 1.0, KEPT_BY_FEAR, "fear of telling it"),
]
# A tired parent speaks of a child, a frightened one too: these alone are no danger.
HARMLESS_WITH_CHILD = {"a child", "a dangerous place or thing", "no way on", "fear, or not being allowed"}
TOLD_SAFELY = from_word_start(
    r"(?:years?|months) (?:ago|back|since|clean|free)\b|used to\b|when (?:i was|we were)\b|as a (?:child|kid|teenager)\b"
    r"|back then\b",
    r"in (?:19|20)\d\d\b",
    r"helped me\b|saved my life\b|i was (?:\w+ )?suicidal\b",
)
NOT_THEMSELVES = from_word_start(
    r"if (?:you|u|someone|somebody|anyone|a child)\b|(?:people|clients|anyone|those|children|men|women) who\b",
    r"(?:beats?|beat|hits?) (?:me|us) (?:at|to|when it comes)\b|in (?:his|her) sleep\b|on the back\b",
    r"beats? (?:me|us|him|her) (?:[\w']+ ){0,5}(?:chess|scrabble|monopoly|tennis|darts|golf|quiz|cards|race|game|play)\b",
    r"(?:film|novel|drama|soap|scene|song|lyrics|awareness|myth|training|module|workshop|killing me|lol)\b",
)
LAUGHING = phrases("😂|🤣|💀")
WORRIED = from_word_start(
    r"(?:you|u) (?:ok|okay|safe|alright)\b|\b(?:sounded low|dark stuff|worried about you|sut wyt ti)\b"
)
NOW = from_word_start(
    r"(?:tonight|now|today|this (?:morning|evening)|heno|fory|just taken|by the time|stop bleeding)\b"
)

# What lasts is urgent too where blows are named beside it, in words that are no sign by themselves.
BLOWS = from_word_start(
    r"(?:hits?|beats?|punch(?:es|ed)|slap(?:s|ped)|kick(?:s|ed)|strangl\w+|chok(?:es|ed)|hurts?|burn(?:s|ed|t)) (?:me|us)\b",
    r"(?:comes? (?:in|into) my (?:bed)?room|the iron|belt|(?:my|the|round) (?:neck|throat)|(?:burst|split|my) lip"
    r"|put his hands? (?:on|round|over)|kill|die\b|dead\b)",
)


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in, findings out; urgent but for what has lasted and names no child. ACTO's own posts (campaigns) are not judged."""
    found = []
    row: Any
    for row in rows[rows.author_role != "official"].itertuples():
        text = row.normalised_text
        said = [(weight, sign.search(text), words) for weight, sign, words in SIGNS]
        signs = [(weight, span, words) for weight, span, words in said if span and counts(text, span, words)]
        # "Are you OK?" above an answer makes a dark answer darker.
        weight = sum(weight for weight, _, _ in signs) + (0.5 if WORRIED.search(row.parent_text) else 0)
        shown = [words for _, _, words in signs]
        if weight < 1 or ("a child" in shown and set(shown) <= HARMLESS_WITH_CHILD):
            continue
        told = [words for words in shown if words != "a child" or names_a_child(text)]
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": min(span[0] for _, span, _ in signs),
                "end_char": max(span[1] for _, span, _ in signs),
                "score": min(0.95, 0.4 + 0.25 * weight),
                "reason": f"Somebody may be at risk of harm now: {', '.join(dict.fromkeys(told))}.",
                "severity": "high"
                if set(told) <= LASTING and not (NOW.search(text) or BLOWS.search(text))
                else "urgent",
            }
        )
    return findings(found)


def counts(text: str, span: tuple[int, int], words: str) -> bool:
    """A sign counts unless its sentence tells of the past, of others in general or of fiction, or jokes; a burn at the oven,
    a telephone that both may find and what is quoted as a case are none either.
    """
    said = text[slice(*sentence(text, *span))]
    harmless = {"self-harm": ACCIDENT, "being watched or controlled": AGREED}.get(words)
    if harmless and (harmless.search(said) or text[: span[0]].endswith(('"', "“"))):
        return False
    return not (TOLD_SAFELY.search(said) or NOT_THEMSELVES.search(said) or LAUGHING.search(said))


def names_a_child(text: str) -> bool:
    """Whether somebody in `text` is young, and not said to be grown up."""
    grown_up = GROWN_UP.find_all(text)
    return any(not meets(place, grown_up) for place in CHILD.find_all(text))
