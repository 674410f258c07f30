"""Self-harm, violence by somebody close and control, said so plainly that nothing more is needed; and what is none of them."""

from __future__ import annotations

from checks.phrases import from_word_start

# In plain words, and going on: "cut myself shaving" and "self-harmed as a girl" are neither.
_ME = r"(?:i|i'm|i've|i have|been|keep|started) (?:(?:still|been|often|always|regularly|secretly|have|started|keep|just) ){0,3}"
_BODY = r"my (?:\w+ )?(?:arms?|legs?|thighs?|wrists?|stomach|hands?|skin)"
_UPSET = r"(?:much|angry|sad|low|upset|stressed|lonely|alone|wrong|anxious|bear|cope|numb|panic|depressed|ashamed)"
_GOING_ON = (
    r"(?:(?:every|most) (?:single )?(?:nights?|days?|evenings?|weekends?|week)|for (?:\w+ )?(?:years|months|a year|a month)"
    r"|since i was|in secret|to (?:cope|punish|feel)|with (?:cigarettes?|a (?:razor|blade|knife|lighter|compass))"
    rf"|(?:when|whenever|because) (?:[\w']+ ){{1,5}}{_UPSET}\b|(?:until|till) (?:\w+ )?(?:bleed|there's blood))"
)
HARMING_ONESELF = from_word_start(
    rf"{_ME}(?:self[- ]?harm(?:ing)?|harm(?:ing)? myself)(?:[.,!;]|$| (?:for|most|every|again|since|when|whenever|almost"
    rf"|nearly|and"
    r"|to|in secret|at night|last night|tonight|but|because)\b)",
    r"i(?:'ve| have) self[- ]?harmed (?:for|since)\b|my fingers down my throat\b",
    rf"{_ME}(?:cut|cutting|burn|burning|scratch|scratching|hurt|hurting|hit|hitting) (?:myself|{_BODY})(?: \w+)? {_GOING_ON}",
    rf"{_ME}(?:cut|cutting|burning) (?:my (?:thighs|wrists) again\b|for years(?:[.,!;]|$| (?:and|but|now)\b))|i still cut[.,!]",
    rf"i (?:\w+ )?(?:stub|put) (?:\w+ ){{0,2}}cigarettes? out on (?:myself|{_BODY})"
    rf"|i (?:\w+ )?pour (?:hot|boiling|scalding) water (?:on|over) {_BODY} (?:when (?:i can't|it|things)|to (?:feel|punish"
    rf"|hurt|cope))\b",
    r"i (?:\w+ )?(?:dig|dug) my nails into my \w+ (?:till|until)\b|i (?:\w+ )?punch (?:the )?walls? (?:until|till) my \w+ bleed"
    r"|i (?:\w+ )?bang my head (?:against|on) (?:the|a) wall (?:until|till)\b",
    r"(?:i|and) (?:\w+ )?make myself (?:sick|throw up|vomit) (?:after (?:every|each|meals|eating|i eat|i've eaten))\b",
    r"i (?:\w+ )?(?:swallow|cut|starve|burn) (?:\w+ )?to (?:hurt|punish|harm) myself|i starve myself (?:and (?:then )?|to "
    r"|because )"
    r"|(?:haven't|not) eaten (?:for|in) (?:\w+ )?days because i deserve",
    r"(?:relapsed\b[^.!?]{0,30}|(?:new|fresh) )cuts on my (?:arm|leg|thigh|wrist)s?\b",
)
ACCIDENT = from_word_start(
    r"(?:shaving|gardening|cooking|baking|ironing|oven|kitchen|chef|roses|letterbox|football|joiner|tailor|butcher|eczema"
    r"|psoriasis|itch\w*)\b"
)
# Of grown people too, in plain words: who it is, whose, and what is done. "Hits the roof" has nobody who is hit, and what
# comes after must not make a game or a wheelchair of it.
_RELATION = (
    r"(?:(?:step|grand)?(?:mum|dad|mother|father|ma|pa)|mam|gran|granny|nan|nana|grandad|auntie?|uncle|cousin"
    r"|(?:step)?(?:sister|brother)"
    r"|son|daughter|nephew|niece|friend|mate|neighbour|flatmate|housemate|husband|wife|partner|colleague)"
)
_PARTNER = r"(?:husband|wife|partner|boy ?friend|girl ?friend|bf|gf|fianc[ée]e?|fella|bloke|ex(?:[- ](?:husband|wife|partner))?)"
_CARER = r"(?:carers?|care ?workers?|helper|support workers?|nurses?|lodger|landlord|(?:\w+ )?staff)"
_GROWN = rf"(?:{_PARTNER}|{_CARER}|step-?(?:dad|mum|father|mother)|dad|mum|father|mother|brother|sister|uncle)"
_HITS = (
    r"(?:(?:hits|beats|punches|slaps|kicks|smacks|strangles|chokes|batters|thumps|headbutts)"
    r"|(?:keeps|is|are|keep) (?:hitting|beating|punching|slapping|kicking|smacking|strangling|choking|battering|thumping))"
)
_HIT = rf"(?:{_HITS}|hit|beat|punch|slap|kick)"
_AND_SO = (
    r"(?:[.,!;?)]|$| (?:when|whenever|if|because|cos|and|but|so|every|most|again|until|while|about|around|at night|all the time"
    r"|for (?:his|her|my|their|money|not|no|nothing)|on (?:a )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?|in the (?:face"
    r"|head|ribs"
    r"|stomach)|(?:round|across|over) the (?:face|head)|with (?:a|his|her) (?:belt|stick|fists?|hand|shoe|slipper))\b)"
)
_SHUTS_IN = (
    r"(?:locks?|shuts?) (?:me|him|her|them) in(?:[.,!;]|$| (?:her|his|my|their|the|a) (?:\w+ )?(?:room|bedroom|house|flat"
    r"|cupboard"
    r"|bathroom|shed)\b| (?:all|at|every|when)\b)|ties? (?:me|him|her|them) to (?:the|a|his|her) (?:bed|chair)"
    r"|drags? (?:me|him|her) (?:out of bed )?by (?:the|his|her|my) (?:arms?|hair|neck|legs?)\b|starves (?:me|him|her)(?:[.,!;]|$"
    r"| (?:when|until|if|and)\b)"
    r"|(?:shoves?|pushe[sd]|threw|throws?|slams?) (?:me|him|her) (?:into (?:the )?walls?|against the|down the stairs"
    r"|to the (?:floor|ground))"
    r"|(?:has|had|gets?|got) (?:me|him|her) (?:up )?(?:against (?:the|a) wall )?by (?:the|his|her|my) (?:throat|neck|hair)"
    r"|throws things at (?:me|him|her)\b"
    r"|(?:scratches|bites|kicks|slaps|punches) and (?:scratches|bites|kicks|slaps|punches) (?:me|him|her)\b"
)
_OFTEN = r"(?:(?:still|often|always|sometimes|regularly|also|then|now|there|comes|round|and|at|his|her|the|home) ){0,5}"
_MANY = r"(?:(?:\w+ )?staff|carers|nurses|sons|brothers|parents)(?: (?:at|in) (?:[\w']+ ){1,3}[\w']+)?"
VIOLENCE_TO_ANYBODY = from_word_start(
    rf"(?:my|our) (?:\w+ )?(?:{_RELATION}'s (?:\w+ )?)?{_GROWN} {_OFTEN}(?:{_HITS} (?:me|us|him|her|my {_RELATION}){_AND_SO}"
    rf"|(?:[\w']+ ){{0,5}}and {_SHUTS_IN}|{_SHUTS_IN})",
    rf"(?:my|our) (?:\w+ )?{_RELATION}\b[^!?]{{0,60}}(?:\b(?:and|but)|[,.;]) (?:my|our|her|his|the|a) (?:\w+ )?(?:{_GROWN}|son"
    rf"|daughter|nephew|niece|grandson|man)(?: at [\w']+ [\w']+(?: [\w']+)?)? {_OFTEN}(?:{_HITS} (?:him|her){_AND_SO}"
    rf"|{_SHUTS_IN})",
    rf"(?:my|our) (?:\w+ )?{_RELATION}\b[^!?]{{0,60}}\b{_MANY} (?:{_HIT} (?:him|her){_AND_SO}|{_SHUTS_IN})",
    rf"{_MANY} (?:hit|slap|kick|punch) (?:the (?:residents|patients)|my {_RELATION}){_AND_SO}",
    rf"my {_PARTNER} (?:has )?(?:broke|broken) my (?:wrist|arm|jaw|nose|ribs?)\b",
)
# "Controls the remote" and "reads my drafts" control nobody.
_THEN = r"(?:[.,!;]|$| (?:and|every|all|when|while|whenever|each|constantly|at night|because|so|to see)\b)"
_WATCHES = (
    r"(?:(?:tracks|checks|goes through|looks through|searches|reads) (?:all )?(?:of )?my (?:phone|(?:private )?messages|texts"
    r"|e-?mails"
    rf"|bank account){_THEN}|reads every (?:text|message|e-?mail)\b|listens (?:in on|to all) (?:all )?(?:of )?my (?:phone )?calls"
    r"|counts the miles on my car|checks the mileage when i\b|times me when(?:ever)? i\b|answers my messages for me"
    r"|deletes my (?:contacts|friends|numbers)"
    r"|controls (?:all (?:the|my|our)|my) (?:money|bank|finances)\b|controls (?:what|who|where|everything) i\b"
    rf"|(?:takes|keeps|has) (?:all )?(?:of )?my (?:wages|money|pay|benefits){_THEN}"
    rf"|(?:keeps|hides|hid|took) my (?:bank card|passport){_THEN}"
    r"|decides (?:what i (?:wear|spend|eat)|who(?:m)? i (?:see|talk|speak|meet|can|am)|where i go|when i)\b"
    r"|(?:won't|doesn't|does not|will not|never|don't) lets? me (?:have (?:any )?(?:friends|money|a phone)"
    rf"|(?:work|go out|out){_THEN}|see (?:my (?:mum|mother|sister|brother|family|friends)|anyone|anybody)"
    r"|leave the house(?:[.,!;]|$| (?:alone|on my own|without (?:him|her|them)|unless|and)\b)"
    r"|(?:speak|talk) to (?:my (?:mum|mother|sister|brother|family|friends)|anyone|anybody|other (?:men|women)))"
    r"|makes me (?:share my location|hand over my (?:wages|phone|card)|ask (?:permission|for money))"
    r"|(?:made|making) me (?:give up|quit|leave) my job|(?:has |have )?cut me off from (?:all )?(?:my (?:family|friends)"
    r"|everyone)"
    r"|(?:has |have )?put cameras in every room|(?:has |have )?put a tracker (?:on|in) my (?:car|phone) (?:without|to see|so)\b)"
)
AGREED = from_word_start(
    r"(?:i (?:track|check|read) (?:his|hers?)|each other|handy|safe(?:ly)?|so (?:that )?s?he (?:knows|can)|los[et]|surprise"
    r"|doctor"
    r"|surgery|operation)\b"
)
_MY_PARTNER = rf"my (?:{_PARTNER}|in-laws)"
_NOT_ALLOWED = (
    r"i'm not allowed (?:out without (?:him|her)|(?:to )?(?:any|have) (?:friends|money)|to (?:leave the house|work|go out"
    r"|(?:see|speak to|talk to|visit|phone|ring) (?:my (?:mum|mother|sister|brother|family|friends|parents)|anyone|anybody)))"
)
CONTROL_IN_PLAIN_WORDS = from_word_start(
    rf"{_MY_PARTNER} (?:also |still |always |has )?{_WATCHES}",
    rf"s?he (?:also |still |always )?{_WATCHES}[^!?]{{0,40}} (?:s?he )?{_WATCHES}|s?he decides what i \w+ and (?:who|where"
    rf"|when) i\b",
    rf"{_MY_PARTNER}\b[^!?]{{0,60}}\b{_NOT_ALLOWED}|{_NOT_ALLOWED}[^!?]{{0,20}}[,.] {_MY_PARTNER} (?:says|won't|doesn't|gets)\b",
    rf"i have to ask {_MY_PARTNER} (?:before i|for (?:money|permission)|if i (?:can|may))\b"
    rf"|my ex (?:has )?put a tracker (?:on|in) my (?:car|phone)\b",
    r"s?he (?:keeps|takes) all my (?:money|wages) and i have to (?:beg|ask)\b",
)
