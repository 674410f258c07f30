"""O2: private information sent, offered or asked for through a public or unsuitable service.

Three ways: somebody asks for personal details in public; something private travels by an everyday service; somebody
gives their own contact in public together with a private matter.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.phrases import Span, findings, sentence, spoken

DETAIL = (
    r"(?:dates? of birth|d\.?o\.?b\.?|nhs number|home address|full name|post ?code|diagnos[ie]s|symptoms|medication"
    r"|tablets you take|phone number|contact number|mobile number|which therapist|name of (?:your|the) therapist"
    r"|what the sessions were about|dates you attended|account of what|bank details|sort code|case notes|medical history)"
)
PUBLIC_PLACE = (
    r"(?:below|underneath|in (?:a |the |your )?(?:comments?|reply|replies|dm|dms|direct message|message|review)|on here"
    r"|(?:a )?dm here|tweet (?:us|me|it)"
    r"|edit your review|answer this message|post (?:it|them) here|shared sheet|google form|here (?:so|and) )"
)
ASKED_IN_PUBLIC = spoken(
    rf"\b{PUBLIC_PLACE}[^.!?]{{0,100}}{DETAIL}",
    rf"\b(?:pop|drop|post|send|give|write|put|tell|leave|type|share|add|reply with|fill in"
    rf"|tweet)\b[^.!?]{{0,60}}{DETAIL}[^.!?]{{0,100}}\b{PUBLIC_PLACE}",
    rf"\b(?:write|put|pop|type|tweet) (?:\w+ ){{0,3}}{DETAIL}",
    rf"\bfill in our\b[^.!?]{{0,40}}\bform\b[^.!?]{{0,60}}{DETAIL}",
)
SERVICE = (
    r"(?:whats ?app|messenger|skype|telegram|snapchat|signal chat|facebook (?:group|chat|message)|group chat|linkedin message"
    r"|dropbox|google (?:doc|docs|drive|form|sheet)s?|icloud|(?:ordinary|personal|own|her|his|my|sons?'?s?|husband's"
    r"|home) (?:\w+ )?(?:e-?mail|account|gmail|hotmail)|gmail|hotmail|text messages?|\bdm\b|on here|this comment)"
)
PRIVATE_MATTER = (
    r"(?:(?:client|case|session|therapy|counselling|my|full|your) ?(?:\w+ )?notes?|case (?:write-ups?|files?)|write-ups"
    r"|client's (?:homework|file|drawing|details)|clients? (?:in|group)|safeguarding (?:form|report)|risk assessment"
    r"|his history|her history|referral letter|intake form|discharge summary|medication|psychiatrist'?s'? report|diagnosis"
    r"|prescription|sertraline|citalopram|antidepressants?|bipolar|ptsd|self[- ]harm|overdose|trauma|abuse claim|hiv"
    r"|session recording|every (?:\w+ )?session|what (?:he|she) said|what came up|how you slept|urges|what you ate"
    r"|dyddiadur teimladau|photo of it|dreams)"
)
BY_EVERYDAY_SERVICE = spoken(
    rf"\b{SERVICE}\b[^.!?]{{0,120}}\b{PRIVATE_MATTER}",
    rf"\b{PRIVATE_MATTER}[^.!?]{{0,120}}\b{SERVICE}",
    rf"\b{SERVICE}\b[^!?]{{0,60}}\b(?:mood|thought|food|sleep|feelings) diar(?:y|ies)\b",
)
ANSWERED_IN_PUBLIC = spoken(
    r"\d ?mg\b|\b(?:diagnosed|on (?:sertraline|citalopram|fluoxetine|lithium|quetiapine|\w+pine|\w+pram))\b",
    r"\b(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})\b",
    r"\b(?:got|have|here's|here is|attach\w*|send)\b[^.!?]{0,40}\b(?:report|letter|summary|chart|notes)\b",
)
ASKED_ABOVE = spoken(
    rf"\b{DETAIL}\b[^.!?]{{0,80}}\?|\bwhat's your date of birth\b|\babout your diagnosis\b|\bwhat medication\b"
)
ATTACHED = spoken(
    r"\b(?:attach(?:ed|ing)?|uploading|posting|here (?:is|are)|here's)\b[^.!?]{0,60}\b(?:discharge (?:summary|letter)"
    r"|medication chart|medical records?|psychiatric report|session notes|counselling notes|diagnosis letter)\b",
    r"\bnames? (?:left )?in\b[^.!?]{0,60}\bmakes sense\b",
)
TROUBLE = spoken(
    r"\b(?:panic attacks?|anxiety|depress\w+|ptsd|bipolar|ocd|intrusive thoughts|bulimi\w+|anorexi\w+|eating disorder"
    r"|self[- ]harm\w*|cutting (?:again|herself|himself|myself)|overdose|suicid\w+|abus(?:e|ed|ive)|affair|"
    r"miscarriage|addict\w+|drinking|gambling|rape[d]?|divorce|children's home|trauma|psychosis|hearing voices|medication"
    r"|sectioned|breakdown|not coping|counselling for|therapy for|help with (?:my|our|his|her))\b"
)
ADVERT = spoken(
    r"\b(?:our (?:charity|service|helpline|clinic|practice|team)|we offer|book (?:at|on|via|now)|open \d|free \w+ workshop)\b"
)
ID_NUMBERS = {"nhs_number": "an NHS number", "nino": "a National Insurance number", "bank_account": "bank details"}
ADVICE = spoken(
    r"\b(?:please )?(?:don't|do not|never|avoid|not|nobody should|no one should|wouldn't|shouldn't|rather than|instead of"
    r"|isn't|stop)\b[^.!?]{0,50}\b(?:post|send|share|put|use|email|e-mail|message|details|whats ?app|dm|discuss|form)\b",
    r"\b(?:secure|encrypted|portal|confidential form|data protection policy|password[- ]protected|webinar|workshop|guidance"
    r"|cpd|is skype|alternatives? to|moved (?:off|away from)|blog|questions about|coping)\b",
    r"\b(?:do you offer|does any(?:one|body)|is (?:therapy|counselling)|is there)\b[^.!?]*\?",
)
# Questions on a subject are asked for, and nothing that is private to anybody.
QUESTIONS = spoken(
    r"\b(?:pop|post|put|send|drop|leave|ask) (?:us |me )?(?:your|any|all) questions? (?:about|on|around)\b[^.!?]{0,60}"
)
SCORNED = spoken(r"\b(?:than|bother with|without|skip|instead of|forget) (?:the|that|their) (?:secure )?portal\b")


def transform(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows to judge in, findings out."""
    found = []
    row: Any
    for row in rows.itertuples():
        for span, score, reason in unsuitable(row):
            start, end = sentence(row.normalised_text, *span)
            found.append(
                {
                    "revision_id": row.revision_id,
                    "start_char": start,
                    "end_char": end,
                    "score": score,
                    "reason": reason,
                    "severity": None,
                }
            )
    return findings(found)


def unsuitable(row: Any) -> list[tuple[Span, float, str]]:
    """(span, score, reason) of each way in which private information is exposed; a score of zero where it is not."""
    text = row.normalised_text
    found: list[tuple[Span, float, str]] = []
    at_work = row.author_role in ("member", "official")
    if at_work and (span := ASKED_IN_PUBLIC.search(text)) and not is_advice(text, span):
        found.append((span, 0.85, "It asks for personal details where everybody can read the answer."))
    if (span := BY_EVERYDAY_SERVICE.search(text)) and not is_advice(text, span):
        found.append((span, 0.8 if at_work else 0.7, "Private information goes through a service that is not secure."))
    if (span := ATTACHED.search(text)) and not is_advice(text, span):
        found.append((span, 0.75, "A private document is shared in public."))
    if ASKED_ABOVE.search(row.parent_text) and (span := ANSWERED_IN_PUBLIC.search(text)):
        found.append((span, 0.8, "It answers in public a question for private details."))
    for entity in row.entities:
        span = (entity["start_char"], entity["end_char"])
        if entity["kind"] in ID_NUMBERS:
            found.append((span, 0.8, f"It sends {ID_NUMBERS[entity['kind']]} through a public page."))
        own_contact = entity["kind"] in ("phone", "email") and not entity["published"]
        if own_contact and row.author_role == "public" and TROUBLE.search(text) and not ADVERT.search(text):
            found.append((span, 0.8, "The writer gives a private contact in public together with a private matter."))
    if at_work and not found and (span := QUESTIONS.search(text)):
        found.append((span, 0.0, "It asks for questions on a subject."))
    return found


def is_advice(text: str, span: Span) -> bool:
    """Whether it advises against it, or speaks of secure services."""
    start, end = sentence(text, *span)
    return bool(ADVICE.search(text[start:end])) and not SCORNED.search(text)
