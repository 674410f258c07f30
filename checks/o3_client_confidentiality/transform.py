"""O3: somebody other than the client tells who is a client, or what was said in sessions.

Who speaks decides: a therapist or ACTO who tells of a client, a reply to a review that confirms therapy, or a third
person who tells of somebody else's therapy. People who tell of their own therapy are left alone.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import Phrases, Span, findings, phrases, sentence, spoken

# A capital letter matters here: a name, or a place.
NAME = r"(?-i:[A-Z][a-zà-ÿŵŷ\x{27}’\-]+)"
FULL_NAME = rf"(?:{NAME}|(?:Mr|Mrs|Ms|Dr|Councillor)\.?) {NAME}"
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"

# Replies that confirm that the reviewer, who wrote under a name, was a client.
CONFIRMED = spoken(
    r"\b(?:your|our|all|in|of) (?:\w+ ){0,4}sessions? (?:with|about|on|and|for|that|you)\b[^.!?]{0,80}",
    r"\b(?:your|her|his|the) (?:therapist|counsellor)'?s? (?:\w+ ){0,2}(?:notes?|diary|records?|told us|says|said|tells)\b",
    r"\b(?:notes|records|diary) (?:show|say|shows|says|confirm)\b",
    r"\bwe have (?:checked|spoken) with your (?:therapist|counsellor)\b|\bin (?:the|your) previous session\b",
    r"\b(?:you|your) (?:missed|cancelled|attended|stopped coming|ended|kept)\b[^.!?]{0,60}\b(?:sessions?|appointments?)\b",
    rf"\b{NAME} (?:told us|says|said|has been through (?:her|his) diary)\b[^.!?]{{0,40}}\b(?:you|your)\b",
    r"\byou (?:kept|told|said|never told|hid)\b[^.!?]{0,60}\b(?:from me|me|in (?:our|your) sessions?|our sessions)\b",
    r"\byou (?:cancelled|missed|attended|turned up (?:to|for)|walked out of) (?:\w+ ){0,3}of (?:the|your|our|them)\b",
    r"\byour (?:drinking|drug use|cocaine use|diagnosis|medication|depression|anger|affair|methadone|relapse|addiction"
    r"|divorce|miscarriages?)\b",
)
# Whoever asks for it does not know it (and must not ask in public: O2).
ASKING = spoken(r"\b(?:add|give|send|tell us|include|write|put|share|what(?:'s| is| was)) (?:us )?your\b")
# A therapist tells of somebody who can be found out: a name, a job in a named place, a relative of the reader.
NAMED_CLIENT = spoken(
    rf"\b(?:my|our|a) (?:\w+ ){{0,2}}(?:client|patient|supervisee),? (?:called )?{NAME}",
    rf"\b{FULL_NAME},? (?:\w+ ){{0,3}}(?:one of )?(?:my|our|a former|an old) (?:clients?|patients?)\b",
    rf"\b(?:sat (?:with|wi)|met|seeing|saw|working with|worked with) {FULL_NAME}\b[^.!?]{{0,80}}\b(?:sessions?|while (?:he|she"
    rf"|they) (?:talked|cried)|therapy)\b",
    rf"\b{FULL_NAME}[^.!?]{{0,60}}\b(?:my (?:sofa|couch|consulting room)|week (?:\w+)|in our sessions?|her whole session)\b",
    rf"\bit's the {NAME} (?:family|case)\b",
    rf"\b(?:what|look what) my {WEEKDAY}\b[^!?]{{0,120}}{FULL_NAME}",
)
# Who has come to the therapist who writes it on a day of the week since something happened is their client.
COMES = spoken(
    r"(?-i:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Cllr|Councillor)\.? [A-Z][a-z]+)"
    rf" (?:has been|has come|comes|came|is|was|been) (?:coming )?to me (?:every|each|on) (?:\w+ )?{WEEKDAY}"
    r" (?:since|after|about)\b"
)
FOUND_OUT = spoken(
    r"\b(?:client|patient|case study|came to me|in my consulting room|couch|sofa|\d(?:am"
    r"|pm) client)\b[^!?]{0,120}\b(?:the only (?:\w+ )?(?:dentist|doctor|gp|vicar|headteacher|head teacher|butcher|solicitor"
    r"|teacher|school)|"
    rf"headteacher|finance director|managing director|councillor|mayor|vicar|mp|reads the (?:weather|news)"
    rf"|on (?:the )?(?:telly|tv|radio)|plays for|captain of)\b[^!?]{{0,60}}(?:(?:of|at|in|on|for) {NAME}|council)",
    r"\blet's just say (?:he|she|they)\b[^.!?]{0,80}",
)
TOLD_OF = spoken(
    r"\b(?:he|she|they)(?:'s| is)? (?:tells|told|telling|says) me (?:in (?:our|the) sessions?|last (?:week|session)"
    r"|every (?:week|session)|(?:finally )?about (?:your|his|her))\b",
    r"\b(?:finally told me|told me in (?:our|a|the) session|said (?:it )?in our last session|brought it to (?:our )?session)\b",
    r"\bwhen i think of (?:that|our|your) first session\b|\bfrom the (?:girl|boy|man|woman|lad) in my consulting room\b",
    r"\b(?:told|telt) me [^.!?]{0,60}\bin (?:our|oor|the) (?:\w+ )?session\b",
    r"\btold me in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\b[^!?]{0,120}\bsame time\b",
    rf"\bi'm already seeing {NAME}\b|\b(?:yes|aye|yeah),? (?:he|she|they) (?:comes?|sees?|is with) (?:to )?me\b",
    rf"\bfrom my {WEEKDAY} client to\b",
)
ASKED_WHO = spoken(
    r"\b(?:seen?|saw|spotted|was|is) [^.!?]{0,60}\b(?:coming|going|walking|leaving|come|leave|go|walk)\b[^.!?]{0,20}"
    r"\byour (?:\w+ )?(?:stairs|steps|door|office|practice|clinic|place|(?:consulting |therapy |waiting )?room)\b[^.!?]{0,40}\?",
    r"\b(?:comes? to you|sees? you|one of yours|is (?:he|she) (?:a|your) client|your client)\b[^.!?]{0,40}\?",
)
TIME_OF_WEEK = spoken(
    rf"\b(?:every|most) {WEEKDAY}|\b{WEEKDAY} at \w+|\b{WEEKDAY},? (?:half )?\d|\byes\b|\baye\b|\bmaybe\b|😉"
)
# Somebody else's therapy, told by neither therapist nor client.
ANOTHERS_THERAPY = spoken(
    rf"\b{FULL_NAME}[^.!?]{{0,60}}\b(?:sees?|goes to|has been seeing|is seeing|was seeing"
    rf"|had (?:\w+ )?sessions with)\b[^.!?]{{0,60}}\b(?:for (?:his|her|their)|every {WEEKDAY}|twice a week|therap|counsell)",
    rf"\b(?:she|he|they) (?:saw|treated|counselled) my (?:\w+ ){{0,2}}(?:{FULL_NAME}|neighbour|boss|ex|sister|brother"
    rf"|cousin)\b[^.!?]{{0,60}}\b(?:over|about|for|after)\b",
    rf"\b(?:she|he|they)(?:'s|'ve| has| have)? (?:got|had|sees) {FULL_NAME} (?:\w+ )?every {WEEKDAY}\b",
    rf"\b(?:one of ours|on our books|a client of ours)\b[^.!?]{{0,20}}[.!?]+ {NAME}",
    rf"[\"“']{FULL_NAME}[^\"”]{{0,40}}[\"”'],? (?:her|his|their) whole session\b",
)
# Who counsels somebody, and tells the place of it.
GOSSIP = spoken(
    r"\b(?:she|he|they) (?:treated|counselled) my (?:\w+ ){0,2}(?:neighbour|boss|ex|sister|brother|cousin|friend|mate)"
    r"(?: (?:over|about|for)(?: \w+){1,4})?(?:,? and| then) (?:then )?told (?:the whole|half the) \w+"
)
# Somebody is named: by title, in full, as somebody's, or when spoken to.
CALLED = spoken(
    rf"(?-i:\b(?:Mr|Mrs|Ms|Miss|Mx|Cllr|Councillor|Provost)\.? [A-Z][a-z]+)|\b(?:your|our|seeing|get in|proud of you,) {NAME}",
    rf"\b(?:for|with|saw|my|ex-\w+|ex|husband|wife|sister|brother|cousin|neighbour|boss|friend) {NAME} {NAME}",
    rf"^{NAME} {NAME}\b|[.!?] {NAME} {NAME}\b",
)
# Of one who is spoken to by nothing but a first word, what it answers must know the name.
FIRST_WORD = spoken(rf"^{NAME}[!,]")
NOBODY = spoken(
    rf"^\W*the\b|\b(?:{WEEKDAY}|january|february|march|april|june|july|august|september|october|november|december|christmas"
    r"|easter|zoom|teams|skype)$"
)
FICTION = spoken(
    r"\b(?:carl jung|jung's|freud|carl rogers|winnicott|bowlby|melanie klein|yalom)\b",
    r"\b(?:the recording|webinar|workshop|conference)\b",
    r"\b(?:made up|made-up|fiction(?:al)?|composite|vignette|nobody in it exists|role ?play|novel|in the (?:film|book|series"
    r"|drama|episode)|invented|imaginary|with (?:his|her|their) (?:full )?(?:written )?(?:permission|consent|blessing)|"
    r"cannot say whether|can't say whether|neither confirm|whether or not any)\b",
)
# A therapist who is in no roster still speaks of clients.
THERAPIST = spoken(r"\bi'm (?:a|an) (?:\w+ )?(?:counsellor|therapist|psychotherapist|supervisor)\b")


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out."""
    found = []
    row: Any
    for row in rows.itertuples():
        told = disclosure(row)
        if told is None or FICTION.search(row.normalised_text):
            continue
        span, score, reason, severity = told
        start, end = sentence(row.normalised_text, *span)
        found.append(
            {
                "revision_id": row.revision_id,
                "start_char": start,
                "end_char": end,
                "score": score,
                "reason": reason,
                "severity": severity,
            }
        )
    return findings(found)


def disclosure(row: Any) -> tuple[Span, float, str, str | None] | None:
    """(span, score, reason, severity) of the plainest disclosure in the row, or None."""
    text = row.normalised_text
    at_work = row.author_role in ("member", "official")
    therapist = row.author_role == "member" or bool(THERAPIST.search(text))
    answers = row.kind == "review_reply" or (at_work and row.kind == "reply")
    if answers and (span := CONFIRMED.search(text)) and not ASKING.search(text[slice(*sentence(text, *span))]):
        return span, 0.85, "A reply confirms that somebody was a client, or tells about their sessions.", "urgent"
    if row.author_role == "member" and (span := first_that_names_no_member(row, COMES)):
        return span, 0.95, "A therapist says by name who is a client.", "urgent"
    if at_work and (span := first_that_names_no_member(row, NAMED_CLIENT)):
        return span, 0.85, "A therapist, or ACTO, says by name who is a client.", "urgent"
    if therapist and (span := FOUND_OUT.search(text)):
        return span, 0.75, "A therapist describes a client whom readers could recognise.", "high"
    if therapist and (span := TOLD_OF.search(text)):
        return span, 0.75, "A therapist passes on what somebody said in a session.", gravity(row)
    if row.author_role == "member" and ASKED_WHO.search(row.parent_text) and (span := TIME_OF_WEEK.search(text)):
        return span, 0.75, "A therapist confirms in public that somebody is a client.", "urgent"
    if row.author_role == "public" and (span := GOSSIP.search(text)):
        return span, 0.95, "A therapist is said to have told others about a client.", gravity(row)
    if row.author_role == "public" and (span := first_that_names_no_member(row, ANOTHERS_THERAPY)):
        return span, 0.7, "Somebody tells about another person's therapy.", gravity(row)
    return None


def gravity(row: Any) -> str:
    """How grave a disclosure in the row is: urgent where somebody is named who is no colleague, high where nobody is."""
    text = row.normalised_text
    for person in row.people:
        text = text.replace(person["name"], "")
    first = FIRST_WORD.search(text)
    spoken_to = first and text[: first[1] - 1].casefold() in row.parent_text.casefold()
    named = any(not NOBODY.search(text[start:end]) for start, end in CALLED.find_all(text))
    return "urgent" if spoken_to or named else "high"


def first_that_names_no_member(row: Any, pattern: Phrases) -> Span | None:
    """The first match that does more than name a colleague: members are no clients because they are named."""
    for start, end in pattern.find_all(row.normalised_text):
        inside = [person for person in row.people if start <= person["start_char"] and person["end_char"] <= end]
        left = row.normalised_text[start:end]
        for person in inside:
            left = left.replace(person["name"], "")
        if not inside or phrases(NAME + " " + NAME).search(left):
            return start, end
    return None
