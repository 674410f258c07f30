"""O1: a therapist and a client become, or are asked to become, personal contacts.

Two signs must come together: personal contact, and that the two know each other from therapy. What only one of them
shows is networking, or an ordinary review.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.o1_online_relationship.told_relationship import THERAPY, plainly_told
from checks.phrases import Span, findings, left_alone, sentence, spoken

REQUEST = spoken(
    r"\b(?:friend|follow|connection|contact) requests?\b",
    r"\b(?:accepted|accept|approve|approved) (?:it|my (?:\w+ )?(?:request|invit\w+|follow)|your request|me (?:on|back"
    r"|as a friend))\b",
    r"\bsend me a (?:\w+ )?request\b|\bare you on (?:insta(?:gram)?|facebook|fb|snap(?:chat)?|tiktok|whatsapp)\b",
    r"\bjust accept\b|\bhit request\b|\baccepting my invitation\b",
    r"\b(?:add(?:ed|ing)? (?:me|you|u|each other)|(?:added|adding) (?:him|her|them)) (?:as|on|to|back|here|there)\b",
    r"\b(?:thanks?|thank you|thx|diolch) (?:\w+ ){0,3}(?:adding|accepting|following) (?:me|us)\b",
    r"\b(?:follow|followed|following|find|found|add) (?:you|u|me|ur|your|her|his|my) (?:\w+ ){0,3}(?:private|personal|locked"
    r"|own|real|other)\b",
    r"\bcais (?:ffrind|dilyn)\b|\bffrind(?:iau)? ar facebook\b",
)
PRIVATE_PLACE = spoken(
    r"\b(?:my|your|ur|her|his|the) (?:own |very )?(?:private|personal|locked|real|other|offduty|off-duty) (?:\w+ )?"
    r"(?:acc(?:ount)?|insta(?:gram)?|facebook|fb|profile|feed|snap(?:chat)?|number|mobile|whatsapp|one)\b",
    r"\b(?:my|her|his) own (?:facebook|fb|insta(?:gram)?|profile|number|whatsapp)\b",
)
EVENINGS = spoken(
    r"\b(?:chat|chatting|natter|nattering|message|messaging|text|texting|talk|talking|gossip\w*|snapping) (?:\w+ ){0,6}"
    r"(?:every (?:night|evening|day)|most (?:nights|evenings|days)|after hours|all night|til \d|till \d|on messenger"
    r"|on snapchat)\b",
    r"\b(?:swapping|trading|sending each other) (?:\w+ ){0,3}(?:scores|memes|selfies|photos|pics|voice notes)\b",
    r"\bwe (?:still )?(?:message|text|chat|talk) (?:each other|most|every)\b",
)
GAMES = spoken(
    r"\bon (?:psn|xbox|steam|discord|fortnite|roblox|minecraft|words with friends)\b",
    r"\b(?:words with friends|squad you up|owe me a rematch|same squad|carried us|thrashing)\b|\bgames? on the go with\b",
)
MEETING = spoken(
    r"\b(?:fanc(?:y|ied)|get that|grab|go(?:ing)? for|meet(?:ing)?(?: up)?|met|let's do|come (?:out )?for"
    r"|asked if i) (?:[\w']+ ){0,4}(?:coffee|lunch|dinner|drinks?|pint|date|brunch|curry)\b",
    r"\b(?:dinner|drink|coffee|lunch) (?:sometime|some time|one night|on (?:me|friday|saturday|sunday)|together)\b",
    r"\b(?:coming to|invited (?:me )?to) (?:my|his|her|their)\b[^.!?]{0,30}\b(?:wedding|party|\d\dth|birthday)\b",
    r"\bover for (?:a )?(?:barbecue|bbq|sunday lunch|dinner|tea)\b|\bround for (?:sunday lunch|dinner|tea)\b",
)
BOND = spoken(
    r"\b(?:best|proper|good|real|dear|firm) (?:friend|friends|mate|mates|pals)\b|\b(?:became|become|becoming|stayed|stay|are"
    r"|am|being) friends\b",
    r"\bclient to (?:friend|\w+ buddy|festival)\b|\bclient to my\b|\bi am friends with people i\b",
    r"\b(?:god(?:mother|father|parent)|one of the family|in each other's lives|stay in touch|keep in touch)\b",
)
FLIRT = spoken(
    r"\bthose (?:\w+ )?eyes\b|\b(?:pic|pics|photo|picture) of (?:you|u) in\b|\b(?:you're|ur|you are) (?:so |well )?(?:sexy"
    r"|fit|hot|gorgeous)\b",
    r"\bkiss (?:you|u)\b|\bin love with (?:you|my (?:therapist|counsellor|client))\b|\bfancy (?:you|u|my (?:therapist"
    r"|counsellor|client))\b",
)
# Said as plainly as this it needs no scorer. A therapist who asks whether somebody goes out for a coffee may be setting homework.
_ASKED = r"(?:has |just |once |actually )?(?:asked|invited)"
_OUT = r" (?:(?:go(?:ing)?|come|meet(?:ing)?|grab|for|her|him|them|up|out|over|a|some|quick|wee) )*"
_MEAL = r"(?:coffee|drinks?|pint|dinner|lunch|date)\b"
_LIKING = r"if (?:i|i'd|i would) (?:like to|want(?:ed)? to|fanc(?:y|ied))"
INVITED = spoken(
    rf"\bmy client {_ASKED} (?:(?:me )?(?:{_LIKING}|if i(?:'d| would| could))|me (?:to|out|over)){_OUT}{_MEAL}",
    rf"\bmy (?:therapist|counsellor) {_ASKED} (?:me )?(?:{_LIKING}|me out|me over){_OUT}{_MEAL}",
)
CERTAIN = 0.95
SIGNS = (
    (INVITED, CERTAIN, "meeting socially"),
    (FLIRT, 0.85, "flirting"),
    (REQUEST, 0.85, "a friend or follow request"),
    (PRIVATE_PLACE, 0.8, "contact through a private account or number"),
    (EVENINGS, 0.8, "private chats"),
    (GAMES, 0.75, "playing games together"),
    (MEETING, 0.75, "meeting socially"),
    (BOND, 0.7, "a friendship"),
)

REFUSAL = spoken(
    r"\b(?:don't|do not|can't|cannot|won't|wouldn't|doesn't|didn't|not|no longer|rather not|leave it|declined?|ignored?"
    r"|turned down)\b[^.!?]{0,40}\b(?:accept\w*|add|friends?|follow\w*|requests?|mix|befriend\w*|connect|chat|leave it|message"
    r"|online friends)\b",
    r"\bnever (?:[\w']+ ){0,2}(?:accept\w*|add|befriend\w*|follow\w*|mix|connect|chat|message)\b",
    r"\b(?:so i'll leave it|i said no|said no|we say no|politely)\b",
)
DISCUSSION = spoken(
    r"\b(?:should (?:we|i|you|they|members|therapists|counsellors)|what (?:do|would|does) (?:you|everyone|everybody|we)"
    r"|policy|guidance|webinar|workshop|cpd|training|"
    r"role ?play|vignette|fiction\w*|novel|drama|film|episode|boundar(?:y|ies) (?:question|course|module))\b",
    r"\b(?:my|our) (?:best )?(?:mate|friend|sister|brother|mum|cousin|flatmate) is a (?:therapist|counsellor)\b",
    r"\bmy (?:mates?|friends?|sisters?|brothers?|mum|dad|husband|wife|partner|son|daughter|cousins?) and i\b",
    r"\b(?:to|with) my (?:mates?|friends?|sisters?|brothers?|family|mum|dad|wife|husband|partner)\b",
    r"\bmy (?:son|daughter|lad|kid|boy|girl|child|teenager|sister|brother|best friend) (?:is|plays?|invited|asked|was)\b",
    r"\b(?:mailing|waiting) list\b|\bto the group\b|\bdate night\b|\bmyself to\b|\ba friend for\b|\bis there (?:therapy"
    r"|counselling)\b",
    r"\bmy lad is\b|\bfelt (?:\w+ ){0,3}like a\b|\bthan a professional\b|\b(?:friends|touch) with your(?:self| feelings)\b"
    r"|\bmade us\b|\breal friends support\b",
    r"\bfollow (?:our|the acto|us|acto)\b|\bmy friend\b[^.!?]{0,30}\brecommended\b",
)
CONFESSED = spoken(
    r"\bi just accept\b|\bi am friends with people i\b|\bi (?:always |do )?accept (?:them|all)\b|\bhad several of mine\b"
)
# Who is taken as they are, with nothing after it, has asked nobody to accept a request.
TAKEN_AS_ONE_IS = spoken(
    r"\baccept(?:s|ed|ing)? (?:me|us|you|him|her|them|people|everyone|every client) (?:\w+ )?(?:for|as)"
    r" (?:who|what|how|i|we|you|he|she|they)(?: [\w']+){0,3} ?(?:[^\w\s']|$)",
)


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out; ACTO's own account has no clients. A score of zero: these words are left alone."""
    found = []
    row: Any
    for row in rows[rows.author_role != "official"].itertuples():
        if told := plainly_told(row):
            found.append(
                {
                    "revision_id": row.revision_id,
                    "start_char": told[0],
                    "end_char": told[1],
                    "score": CERTAIN,
                    "reason": "It tells of a personal relationship between a therapist and somebody who is or was their client.",
                    "severity": None,
                }
            )
            continue
        contact = personal_contact(row.normalised_text)
        if contact is None:
            if praise := TAKEN_AS_ONE_IS.search(row.normalised_text):
                found.append(left_alone(row, praise, "It praises somebody for taking people as they are."))
            continue
        span, score, words = contact
        if REFUSAL.search(row.normalised_text):
            # What is refused in another sentence is for the scorer to weigh.
            score = min(score, 0.75)
        here, above = bool(THERAPY.search(row.normalised_text)), bool(THERAPY.search(row.parent_text))
        if not here and not (above and row.kind in ("reply", "comment")):
            continue
        if is_refused_or_discussed(row, span):
            continue
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": span[0],
                "end_char": span[1],
                "score": score if here else score - 0.1,
                "reason": f"It shows {words} between a therapist and somebody who is or was their client.",
                "severity": "urgent" if words == "flirting" and row.author_role == "member" else None,
            }
        )
    return findings(found)


def personal_contact(text: str) -> tuple[Span, float, str] | None:
    """(sentence, score, what it is) of the strongest sign of personal contact."""
    for pattern, score, words in SIGNS:
        if span := pattern.search(text):
            return sentence(text, *span), score, words
    return None


def is_refused_or_discussed(row: Any, span: Span) -> bool:
    """Whether the text declines the contact, or speaks about the rule rather than of a person."""
    text = row.normalised_text
    if CONFESSED.search(text):
        return False
    return bool(REFUSAL.search(text[slice(*span)]) or DISCUSSION.search(text))
