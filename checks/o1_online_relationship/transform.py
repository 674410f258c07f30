"""O1: a therapist and a client become, or are asked to become, personal contacts.

Two signs must come together: personal contact, and that the two know each other from therapy. What only one of them
shows is networking, or an ordinary review.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

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
