"""S2, beyond the policy: threats, harassment, hate or sexual abuse aimed at a member, a client or a group.

Every sign carries its target (you, him, the office, a group): swearing at nobody and harsh criticism are allowed. What is
quoted or told ("he called me …", "we do not put up with …") is the victim's side and does not count, nor does banter.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import Phrases, findings, sentence, spoken

WILL = (
    r"(?:(?:i|we)(?:'ll| will|'m (?:going to|gonna)| am going to)|ah'll|imma|gonna"
    r"|(?:somebody|someone|they) (?:should|will|needs to|ought to|wants to))"
)
HURT = r"(?:kill|murder|stab|slit|batter|burn|torch|rape|smash|punch|strangle|hurt|bury|drown|gas)"
TARGET = (
    r"(?:you|u|ya|ye|yous|him|her|them|(?:your|ur|his|her) (?:face|head|teeth|legs|house|car|career|life|family|kids)"
    r"|(?:the|that|your|his|her|their) (?:place|building|office|practice|clinic|surgery))"
)
PART = r"(?:your|ur|his|her) (?:face|head|teeth|legs|neck|windows|car|career|life|family|kids)"
INSULT = (
    r"(?:bitch|b\*+h?|c[u*]+nt|c\*+t?|slag|slut|whore|tart|cow|heifer|pig|psycho|freak|nonce|paedo|pedo|scumbag|scum|hag"
    r"|vermin|parasite|wanker|prick|tw[a*]t|dickhead|moron|loony|nutjob|leech|witch|bastard|fruitcake|cripple)"
)
SCORN = (
    r"(?:fat|ugly|stupid|dirty|filthy|silly|thick|useless|vile|evil|disgusting|stinking|lying|lazy|pathetic|nasty|sad|sick"
    r"|attention[- ]seeking|fucking|fkn|f\*+\w*|bloody|black|brown|foreign|polish|jewish|muslim|gay|trans|little|old)"
)
# Of somebody who is not spoken to, only these: "the little witch" of a picture is no insult.
FOUL = (
    r"(?:fat|ugly|stupid|dirty|filthy|thick|useless|vile|evil|disgusting|stinking|lying|pathetic|nasty|fucking|fkn|f\*+\w*"
    r"|bloody)"
)
SLUR = (
    r"(?:p[a*]kis?|n[i*1]gg(?:er)s?|ragheads?|towelheads?|chinks|wogs?|gyppos?|pikeys?|kikes?|trann(?:y|ies)"
    r"|shemales?|faggots?|poofs?|retards?|spaz(?:zes)?|spastics?|mongs?|subhumans?)"
)
GROUP = (
    r"(?:jews|muslims|blacks|gays|queers|immigrants|migrants|refugees|asylum seekers|foreigners|gypsies|travellers"
    r"|trans people)"
)

THREAT = spoken(
    rf"\b{WILL} (?:\w+ ){{0,4}}{HURT} (?:\w+ )?{TARGET}\b",
    rf"\b{WILL} (?:\w+ ){{0,2}}(?:finish (?:you|them)\b|(?:shoot|break|knock|slap|finish|hunt|ruin) (?:{PART}|(?:you|him|her"
    rf"|them)(?:[.!]| down| off| out|$)))",
    r"\b(?:give|giving) (?:you|him|her|them) a (?:good )?(?:kicking|hiding|beating|slap)\b",
    r"\b(?:slit|cut) (?:your|his|her) throat\b|\bdead (?:man|woman) walking\b",
    r"\b(?:want|wish) (?:you|him|her|them) dead\b",
    r"\b(?:should|needs? to|ought to) (?:all )?be (?:shot|hanged|hung|drowned|gassed|burned|put down)\b|\bstrung up\b",
    r"\bgas them\b",
    r"\bput (?:\w+ ){1,4}in the ground\b|\bshould(?:'ve| have| of) been (?:drowned|aborted|smothered)\b",
    r"\bi'm coming for you\b|\b(?:i'm|i am|we're|we are) coming to (?:your|ur|his|her|the) (?:\w+ ){1,3}with an? (?:\w+ )?"
    r"(?:bat|knife|hammer|gun|axe|crowbar|can of petrol)\b",
    r"\b(?:knock|break|smash|kick) (?:\w+ ){1,3}(?:tooth|teeth|bone|window) (?:\w+ ){0,2}(?:of|in) (?:your|his|her)"
    r" (?:head|mouth|body|house)\b",
    r"\bknow where (?:your|his|her) (?:\w+ )?(?:office|practice|house|kids|children|clinic)(?:'s| is| are| go)\b",
    r"\b(?:i|we) (?:know where (?:you|u|ye|he|she|they) (?:live|park|work|stay)s?|(?:have|got) your address)\b",
    r"\byou'll be sorry\b",
    r"\bfind out where you live\b|\bpay you a (?:wee )?visit\b|\b(?:better|should|you) watch your back(?:[.!]|$)"
    r"|\blooking behind you\b",
    r"\bor (?:you'll|you will|else you'll) (?:find out|see) what happens\b",
    r"\bwhat's coming to (?:you|them)\b",
    r"\bmake (?:you|him|her|them) (?:suffer|regret|sorry (?:that )?(?:you|he|she|they) ever\b|pay(?: for|[.!]|$))"
    r"|\bshame if (?:some(?:thing|one|body)"
    r"|anything) (?:happened|broke|put|burn\w*|set|smashed|were to)\b",
)
INCITEMENT = spoken(
    r"\b(?:go|go and) (?:hang|top|drown) (?:yourself|urself|yersel)|\bkill (?:yourself|urself|yersel)|\bkys\b",
    r"\bneck yourself\b",
    r"\bgo (?:and )?die\b",
    r"\bdo (?:the world|everyone|us all) a favour and\b|\bshould(?: have| of|'ve) done it (?:right|properly)\b",
    r"\bdo it (?:right|properly) next time\b|\bgo (?:and )?(?:drink bleach|choke on|jump off)\b|\bjust do it already\b",
)
DEATH_WISH = spoken(
    r"\bhope (?:you|u|he|she) (?:all )?(?:dies?|rots?|chokes?|gets? cancer)\b|^get cancer\b",
    r"\bburn in hell\b|\bcare if (?:you|u) died\b",
)
STALKING = spoken(
    r"\bblock(?:ed)? me\b.{0,40}\b(?:account|again)\b|\banswer (?:me|my messages?) or\b|\bpost the (?:pics|photos)\b",
    r"\bday \d+ of following\b|\bfollowing (?:you|her|him|\w+ \w) home\b|\b(?:on|under) every (?:post|video) (?:you|u)\b",
    r"\b(?:i'm|i am|i'll be|i was|sat|sitting|parked|waiting|wait) (?:\w+ )?outside (?:your|her|his) (?:house|home|practice"
    r"|office|work|flat|clinic)\b",
    r"\bfollowed your car (?:home|last|to)\b|\bsaved every (?:photo|pic\w*) of you\b",
    r"\bi know what time (?:you|she|he) (?:leaves?|finish(?:es)? work|gets? home)\b",
    r"\bi know (?:which|what|when) (?:\w+ )?(?:train|bus|route|way|gym|school)s? (?:you|she|he)\b",
    r"\b(?:you|she|he) walks? (?:back|home)[^.!?]{0,40}\b(?:on your own|alone|in the dark)\b",
    r"\b(?:message|messaging|call|calling|write|ring|text|post)\w* (?:you |her |him )?every day (?:\w+ ){0,3}(?:until|till"
    r"|til) (?:you|she|he)\b",
)
HATE = spoken(
    rf"\b{SLUR}\b|\byour (?:sort|kind|lot) (?:should|don't|aren't|are not|belong|running|here)\b",
    r"\bwant your (?:lot|sort|kind)\b",
    r"\b(?:go|get|crawl|sod off) back (?:home )?to (?:your (?:own )?country|where(?:ver)? (?:you|they) c[ao]me"
    r"|whatever hole|africa)\b",
    r"\b(?:sent|send (?:you|her|him|them)) (?:back )?home on\b|\brounded up\b|\bman in a (?:wig|dress)\b",
    r"\bhitler (?:was right|had)\b",
    rf"\b{GROUP} are (?:all )?(?:scum|vermin|animals|a disease)\b",
    rf"\b(?:the|these|those|all|bloody|fucking) {GROUP} (?:\w+ ){{0,2}}(?:own (?:the|every)|run (?:the|every)|control"
    rf"|have got into)\b",
    r"\b(?:vermin|scum|groomers|terrorists|animals),? (?:the lot|every (?:last )?one|all) of (?:you|them)\b",
    r"\banother terrorist\b",
    r"\b(?:you|you lot|that lot) are (?:all )?(?:a )?(?:disease|plague|vermin|scum|animals|filth)",
    r"\bgroomers every one\b",
    r"\bback in the kitchen\b|\binbreds?\b|\byour (?:dead|made-up|gibberish|monkey) language\b",
    r"\b(?:finished|wiped out|got rid of|finish|get rid of) (?:the lot|all) of (?:you|them|ye)\b",
    r"\b(?:people|cases|types) like (?:you|that|them) (?:should(?:n't| not) (?:be allowed|exist|breed|have)"
    r"|should (?:be (?:shot|locked|put)|die))",
    r"\bshouldn't be allowed (?:kids|children|to breed)\b",
)
SEXUAL = spoken(
    r"\bsend (?:me |us )?(?:a |some |ur |your )*(?:nudes?|naked|dirty pics?|pics? (?:of (?:you|u|your|ur)|in))\b",
    r"\b(?:like|love|want) to do to you\b|\b(?:what|things) i'd do to (?:you|u|her|him)\b",
    r"\bsit on my (?:face|lap)\b|🍆|\bwhat's under (?:that|your|ur|her)\b",
    r"\b(?:see|look|looking|peek) (?:down|up|under) (?:that|your|ur|her) (?:\w+ )?(?:blouse|top|skirt|dress|shirt)\b",
    r"\b(?:with|take|took|get|in) (?:that|your|ur) (?:\w+ )?(?:top|bra|shirt|dress|kit) off\b",
    r"\bwank(?:ing|ed)? (?:over|to)\b",
    r"\bwear (?:something |a )(?:\w+ )?(?:tighter|shorter)\b",
    r"\bi'd (?:so |well )?(?:smash|shag|bang|ride) (?:you|u|her|that)\b",
    r"\b(?:your|ur) (?:tits|boobs|rack)\b|\bnice (?:tits|rack)(?: love| babe| hun)",
)
INSULTING = spoken(
    rf"\b(?:you|u|ya|ye|you're|ur) (?:(?:are|nothing|but|a|an|absolute|total|utter|wee) )*(?:{SCORN} )+{INSULT}s?\b",
    r"\b(?:you|u|ya|ye|you're|ur) (?:(?:are|a|an|absolute|total|utter) )*(?:bitch|slag|slut|whore|paedo|pedo|wanker|scumbag"
    r"|nonce|prick|tw[a*]t|c[u*]+nt|freak)\b",
    r"\b(?:you|ya|ye) (?:\w+ )?(?:fat|ugly|stupid|dirty|filthy|vile|disgusting|stinking|lying|nasty) (?:\w+ )?man\b",
    rf"\b(?:is|'s) an? (?:{FOUL} )+{INSULT}\b|\b(?:that|the) (?:{FOUL} )+{INSULT}\b",
)

# sign, what the Chair reads, severity; the gravest first, because one finding for a row is enough
SIGNS: list[tuple[Phrases, str, str]] = [
    (THREAT, "A threat", "urgent"),
    (INCITEMENT, "A call to harm oneself", "urgent"),
    (DEATH_WISH, "A wish that somebody may die or fall ill", "urgent"),
    (STALKING, "Stalking or hounding", "urgent"),
    (HATE, "Hate", "high"),
    (SEXUAL, "Sexual harassment", "high"),
    (INSULTING, "An insult", "high"),
]
VICTIMS_SIDE = spoken(
    r"\b(?:call(?:ed|s|ing)?|said|shout(?:ed|ing)|told|sent) (?:\w+ )?(?:me|us|my|a colleague|our)\b|\bput up with\b",
    r"\bthe word\b",
    r"\b(?:racism|homophobia|transphobia|antisemitism|threats) (?:is|at|in|like)\b|\bguidance\b",
    r"\b(?:in the (?:film|play|book)|lyrics?|character|episode)\b",
)
BANTER = spoken(r"\blol\b|\bhaha|😂|🤣|😇")
# Where nothing but one of these is said, there is nothing that could make it something else; threats are said in games too.
BALD = (INCITEMENT, DEATH_WISH, HATE, INSULTING)
BESIDE = spoken(r"\b(?:i|you|he|she|they|oh|well|and|so|just)\b|\W")


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, the gravest sign of each out. ACTO's own posts speak against abuse in its words: not judged."""
    found = []
    row: Any
    for row in rows[rows.author_role != "official"].itertuples():
        text = row.normalised_text
        for sign, words, severity in SIGNS:
            span = sign.search(text)
            if span and not excused(sign, text[slice(*sentence(text, *span))]):
                found.append(
                    {
                        "revision_id": row.revision_id,
                        "start_char": span[0],
                        "end_char": span[1],
                        "score": 0.96 if sign in BALD and says_nothing_else(text, *span) else 0.8,
                        "reason": f"{words}, aimed at a person or a group.",
                        "severity": severity,
                    }
                )
                break
    return findings(found)


def excused(sign: Phrases, said: str) -> bool:
    """Whether the sentence quotes or reports abuse, or only jokes; slurs and lewdness are no joke."""
    joke = sign in (THREAT, INSULTING) and BANTER.search(said)
    return bool(VICTIMS_SIDE.search(said) or joke)


def says_nothing_else(text: str, start: int, end: int) -> bool:
    """Whether there is nothing in the text but what stands from `start` to `end`, and words that say nothing."""
    beside = text[:start] + " " + text[end:]
    return sum(last - first for first, last in BESIDE.find_all(beside)) == len(beside)
