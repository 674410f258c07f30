"""A personal relationship between a therapist and a client that is told so plainly that nothing else can be meant."""

from __future__ import annotations

from typing import Any

from checks.phrases import Span, sentence, spoken

THERAPY = spoken(
    r"\b(?:(?:our|my|ur|your|the|last|weekly|zoom|sesiynau|all) (?:\w+ )?sessions?|sesiynau|after (?:our |your )?sessions?)\b",
    r"\b(?:my|her|his|our|old|former|ex|own|your) (?:\w+ )?(?:therapist|counsellor|councillor|shrink|cwnselydd)\b"
    r"|\bbest therapist\b",
    r"\b(?:my|former|ex|of my|old|with|two|three|four|several|monday|tuesday|wednesday|thursday"
    r"|friday)[- ](?:\w+ )?clients?\b|\bcaseload\b",
    r"\b(?:counsel(?:l)?ing|therapy|our work together|worked with|off your books|got me through|weekly slot|for my session)\b",
    r"\bmy (?:mondays|tuesdays|wednesdays|thursdays|fridays)\b|\bour (?:mondays|tuesdays|wednesdays|thursdays|fridays)\b"
    r"|\bfrom (?:mon|tues|wednes|thurs|fri)days\b",
    r"\bafter we (?:finish|end|stop)\b|\b(?:good|great|lovely|last|first) session\b|\bthan a (?:therapist|counsellor)\b",
    r"\bwhen a client\b|\bthe counselling itself\b|\bsince she finished counselling\b|\bfinished our\b|\bclient to (?:friend"
    r"|my)\b",
)
# A relationship that is told as plainly as this needs no scorer, which knows few words for it but "add" and "friend".
_THERAPIST = r"(?:psycho)?(?:therapist|counsellor|counselor|shrink)"
_ONCE = r"(?:(?:old|former|ex|past|previous|then)[- ])"
_HERS = rf"{_ONCE}?{_THERAPIST}(?:[^\w'’]|$)"
_MANY = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|some|many|several|most"
    r"|half|plenty|loads|lots|a (?:good )?few|a couple|a dozen|one|both)"
)
_CLIENT = rf"(?:a|an|my|{_MANY}(?: of my)?) {_ONCE}?clients?"
_PAST_CLIENT = rf"(?:a|an|my|{_MANY}(?: of my)?) {_ONCE}clients?"
_RELATIVE = (
    r"(?:wife|husband|partner|ex|mum|mam|mother|dad|father|sister|brother|daughter|son|cousin|aunt|auntie|uncle|niece|nephew"
    r"|flatmate|friend|mate|best friend|girlfriend|boyfriend)"
)
_SPOUSE = r"(?:girlfriend|boyfriend|partner|husband|wife|fianc[eé]e?|lover|other half)(?:[^\w'’]|$)"
_TOGETHER = (
    r"(?:dating(?: now| since| and| for|[^\w\s]|$)|lovers|an item|married|engaged|living together|sleeping together"
    r"|seeing each other|in a relationship|a couple(?: now| since| and|[^\w\s]|$))"
)
_LOVING = (
    r"(?:dating|going out with|sleeping with|in bed with|shagging|having an affair with|having a relationship with"
    r"|in a relationship with|engaged to|married to|marrying)"
)
_LOVED = r"(?:married|dated|slept with|moved in with|ran off with|had an affair with|had a relationship with|had a fling with)"
_NOW = r"(?:(?:now|actually|still|currently|secretly|been|even|just) )*"
_TREAT = (
    r"(?:supper|dinner|lunch|brunch|drinks?|pint|coffee|curry|meal|cocktails?|glass of wine|cup of tea|cuppa|date)\b"
)
_FOR_A = r"(?:(?:out|over|round|up|to|for|on|a|some|quick|cheeky|go|come|meet|him|her|them) )*"
_WISH = (
    r"(?:if|whether) i(?:'d| would)? (?:fancied|fancy|wanted|want|liked?|be up for|felt like|was free for|come|go|join)"
)
_WROTE = r"(?:rang|phoned|called|texted|messaged|emailed|wrote|dmed)(?: me)?(?: up)?(?: [\w']+){0,6} (?:to ask|to see|asking)"
_ASKED_OUT = r"asked me out(?: on| for| to| after| and| a | the |[^\w\s]|$)"
_INVITED_ME = rf"(?:{_ASKED_OUT}|(?:asked|invited|took) me {_FOR_A}{_TREAT})"
_IS_OVER = r"(?:(?:we|therapy|sessions?|counselling)(?: had| 'd)? (?:finished|ended|stopped|wrapped up))"
LOVE = spoken(
    rf"\b(?:my {_ONCE}?{_THERAPIST} and (?:i|me)|(?:me|i) and my {_ONCE}?{_THERAPIST}) (?:are|became|got|have|were|'ve) {_NOW}"
    rf"{_TOGETHER}",
    rf"\bmy {_ONCE}?{_THERAPIST} and i (?:fell|are|have fallen) {_NOW}in love\b",
    rf"\bmy {_ONCE}?{_THERAPIST} left (?:her|his|their) \w+ for me\b",
    rf"\b(?:i am|i'm|im|i was|i've been|i have been|i started|i ended up) {_NOW}{_LOVING} my {_HERS}",
    rf"\bi {_NOW}{_LOVED} my {_HERS}",
    rf"\bmy {_RELATIVE}(?: is|'s| was| has| started| ended up) {_NOW}{_LOVING} (?:her|his|their) {_HERS}",
    rf"\bmy {_RELATIVE} {_NOW}(?:has |had )?{_LOVED} (?:(?:her|his|their) {_HERS}|the {_ONCE}?{_THERAPIST} who (?:treated"
    r"|counselled|saw|helped) (?:her|him|them)\b)",
    rf"\b(?:left (?:me|us|him|her) for|ran off with) (?:(?:her|his|their|our) (?:couples? |marriage )?){_HERS}",
    rf"\b(?:my|our) (?:couples? |marriage )?{_HERS}(?:has )?ran off with my\b",
    rf"\bmy {_ONCE}?{_THERAPIST} (?:has |had )?(?:slept|was sleeping|is sleeping|been sleeping) with me\b",
    rf"\b(?:my|the|our) {_ONCE}?{_THERAPIST}(?: (?:that|who|whom|i|we|saw|had|used to see|here|on here|online|once)){{0,5}}"
    rf" (?:is|became|has become) (?:now )?my {_SPOUSE}",
    rf"\b(?:was|used to be) my (?:{_THERAPIST}|client)\b[^!?]{{0,50}}\b(?:he|she)(?:'s| is) (?:now )?my {_SPOUSE}",
)
LOVED_CLIENT = spoken(
    r"\bmy (?:girlfriend|boyfriend|partner|husband|wife|fianc[eé]e?) (?:was|used to be) (?:once )?(?:my client"
    r"|a client of mine)\b",
    rf"\bi {_NOW}(?:{_LOVED}|fell for|fell in love with|got together with) {_CLIENT}\b",
    rf"\b(?:i am|i'm|i was|i've been|i have been|i started|i ended up) {_NOW}(?:{_LOVING}|in love with) {_CLIENT}\b",
    r"\b(?:seeing|dating|going out with|living with) (?:someone|somebody|a (?:man|woman|guy|lady)) who (?:was|used to be)"
    r" (?:my client|(?:a )?client of mine)\b",
    rf"\b{_CLIENT}(?: of mine)? and i (?:are|became|got|have|were|'ve) {_NOW}{_TOGETHER}",
)
AFTERWARDS = spoken(
    rf"\bmy {_ONCE}?{_THERAPIST} {_WROTE} {_WISH} {_FOR_A}{_TREAT}",
    rf"\bmy {_ONCE}?{_THERAPIST} (?:has |had )?{_ASKED_OUT}",
    rf"\bmy {_RELATIVE}'s {_ONCE}?{_THERAPIST} (?:asked|invited|took) (?:her|him|them) out {_FOR_A}{_TREAT}",
    rf"\bmy {_ONCE}?{_THERAPIST} {_INVITED_ME}[^.!?]{{0,60}}\b{_IS_OVER}",
    rf"\b{_IS_OVER}(?: [\w']+){{0,4}},? my {_ONCE}?{_THERAPIST} {_INVITED_ME}",
    rf"\bsays the (?:woman|man|one|person|lady|guy|{_THERAPIST}) who {_INVITED_ME}[^.!?]{{0,40}}\b{_IS_OVER}",
    rf"\bmy {_ONCE}{_THERAPIST} and i (?:still )?(?:go|meet)(?: up)? {_FOR_A}{_TREAT}",
)
# In a review of a therapist, whom "she" is needs no saying.
REVIEWED = spoken(rf"\b(?:she|he) {_WROTE} {_WISH} {_FOR_A}{_TREAT}", rf"\b(?:she|he) {_INVITED_ME}")
OVER = spoken(rf"\b{_IS_OVER}", r"\bmy (?:last|final) session\b")
FRIENDS_OF_MINE = spoken(
    rf"\b{_MANY}(?: (?:of )?my|of) {_ONCE}?clients are (?:now |still )?(?:(?:good|close|dear|real|also|proper|great) )*"
    r"(?:(?:friends|mates|followers|pals) of mine|my (?:\w+ )?(?:friends|mates|followers)|among my (?:\w+ )?friends"
    r"|(?:facebook |online )?friends (?:on|here|with me)|on my (?:private|personal|own))\b",
    r"\b(?:(?:friends?|mates?|followers)\b[^.!?]{0,40}|(?:people|folk|ones|lot) on (?:here|my \w+|facebook"
    r"|insta\w*)\b[^.!?]{0,30})\b"
    r"(?:began|started|started out|started off|started life|came to me|met me|came into my life) as (?:my |a )?"
    r"clients?(?:[^\w'’]|$)",
    rf"\b{_MANY} {_ONCE}clients (?:among|as|in|who are) my friends\b",
    rf"\bmy (?:[\w']+ )?(?:friends|mates|followers)\b[^.!?]{{0,20}} are (?:mostly|mainly|half|nearly all) {_ONCE}clients\b",
    rf"\b(?:someone|somebody|a (?:man|woman|lady|guy)) i (?:once |used to )?(?:counsel(?:led)?|treat(?:ed)?)\b[^.!?]{{0,30}}"
    rf" is (?:now )?(?:my|one of my|a) (?:best |good |close |dear )*(?:friends?|mates?|{_SPOUSE})",
    rf"\bgod(?:mother|father|parent) to {_PAST_CLIENT}\b|\b(?:on holiday|away for the weekend) with {_PAST_CLIENT}\b",
    r"\bmy (?:[\w']+ )?(?:friends?|mates?|followers)\b[^.!?]{0,30}\b(?:people|folk|someone|somebody|a (?:man|woman)) i "
    r"(?:once |used to )?(?:counsel(?:led)?|treat(?:ed)?|had as (?:a )?clients?)\b",
    r"\b(?:friends?|mates?) with (?:someone|somebody|people|a (?:man|woman|couple|lady|guy)|two people) who (?:was|were"
    r"|used to be) (?:my clients?|(?:a )?clients? of mine)\b",
    rf"\b{_TREAT}(?: [\w']+){{0,3}} with {_PAST_CLIENT}\b",
    rf"\bmeet(?:ing)?(?: up)? with {_PAST_CLIENT} (?:\w+ )?for (?:a |some )?(?:{_TREAT}|walk|natter|chat|catch[- ]?up)",
    rf"\b(?:went to|was at|going to|off to|am at|just back from) {_PAST_CLIENT}['’]?s?['’]? (?:\w+ )?(?:wedding|birthday"
    r"|christening|party|hen|stag|barbecue|bbq|\d\dth)\b",
)
# Asked by a client for an account to chat on, a therapist who names one has said yes.
ASKED_FOR_A_NAME = spoken(
    r"\b(?:do you have|have you got|are you on|u on|you on|u got|what's your|can i (?:have|get) your)(?: a| an)? (?:snap(?:chat)?"
    r"|insta(?:gram)?|facebook|fb|tiktok|discord|whatsapp|telegram|xbox|psn)\b"
)
OWN_NAME = spoken(
    r"\b(?:i'm|i am|im|mine is|mine's|it's|i go by|find me at) @?[a-z]+[._\d][\w.]*\b[^.!?]{0,30}\b(?:on there|on it|on here"
    r"|on snap|on insta)"
)
# Said before it, this makes it a question, a wish or a denial.
NOT_SO = spoken(
    r"\b(?:if (?:a|an|i|you|we|he|she|they|your|someone|somebody|one|my)|what if|is it|can (?:a|i|you|we|therapists|counsellors)"
    r"|should|would (?:a|i|you|we|never)|could (?:a|i|you|we)|imagin\w*|suppose|pretend\w*|nobody|none|not|never|isn't|aren't"
    r"|wasn't|don't|didn't|haven't|won't|can't|wish|dreams?|dreamt|dreamed|jok\w+|basically|practically|virtually|almost|nearly"
    r"|feels? like|felt like|like i'm|as if|at this point|people think|thinks? (?:that )?(?:i|we)|do (?:any|you)"
    r"|does (?:any|your)|ha(?:s|ve) any|are any|accused|rumours?)\b"
)
# It was made up, meant as a joke, part of the work or declined, whatever sentence says so.
TOLD_OF_NOBODY = spoken(
    r"\b(?:novel|fiction\w*|film|movie|series|episode|drama|soap|sitcom|telly|netflix|storyline|plot|character|vignette"
    r"|role ?play|essay|cpd|webinar|workshop|scenario|case study|council|ltd|plc|what would you do|jok(?:e|ing)|kidding"
    r"|exposure|homework|walk[- ](?:and|&)[- ]talk)\b",
    r"\b(?:i|we|she|he|have|and) (?:always |have )?(?:said no|refused|declined|turned (?:it|him|her|them|me) down)\b",
)
# In the same sentence: it is about clients of another kind, or about those who are more than former clients.
OF_OTHERS = spoken(
    r"\bclients? of (?:an?|another|other|the|our|his|her|their|somebody|someone|my)\b|\bsomebody else's clients?\b",
    rf"\b{_THERAPIST}['’]?s? (?:friend|mate|colleague|sister|brother|cousin|neighbour|flatmate|hat|dog|son|daughter)\b",
    r"\b(?:colleagues?|supervisees?|trainees?|students?|volunteers?|trustees?|solicitor|designer|builder|accountant|hairdresser"
    r"|business)\b|\b(?:an?|the|our|my) (?:agency|company|firm)\b",
)
# Then "she" may be somebody else than the therapist.
ANYBODY_ELSE = spoken(
    r"\bmy (?:ex|husband|wife|boyfriend|girlfriend|partner|bloke|fella|hubby|date|fianc[eé]e?|boss|friend|mate)\b"
    r"|\b(?:broke up|split up|divorce\w*|marriage|couples?)['’]? (?:therapy|counsel\w+)\b"
)


def plainly_told(row: Any) -> Span | None:
    """The words that tell of a relationship so plainly that nothing else can be meant, if there are any."""
    text = row.normalised_text
    ways = [LOVE, AFTERWARDS]
    if row.author_role == "member":
        ways += [LOVED_CLIENT, FRIENDS_OF_MINE]
        if ASKED_FOR_A_NAME.search(row.parent_text) and THERAPY.search(row.parent_text):
            ways.append(OWN_NAME)
    elif row.kind == "review" and OVER.search(text) and THERAPY.search(text) and not ANYBODY_ELSE.search(text):
        ways.append(REVIEWED)
    for way in ways:
        if (told := way.search(text)) and not TOLD_OF_NOBODY.search(text):
            whole = sentence(text, *told)
            # Whoever asked "if I fancied supper" did ask.
            until = told[0] if way in (AFTERWARDS, REVIEWED) else told[1]
            asked = way is FRIENDS_OF_MINE and text[: whole[1]].endswith("?")
            if not (asked or NOT_SO.search(text[whole[0] : until]) or OF_OTHERS.search(text[slice(*whole)])):
                return whole
    return None
