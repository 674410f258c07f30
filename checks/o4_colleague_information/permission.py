"""Permission to share what is told of a colleague: by roster and register, or said in the text; denied, doubted, ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from checks.o4_colleague_information.personal_information import (
    COLLEAGUE,
    ENTITIES,
    PHOTO,
    SIGNS,
    others,
    spoken_of,
    tells,
)
from checks.phrases import Span, phrases, sentence, sentences, spoken
from warehouse.ranges import joined

# Who agreed to something else has not agreed to be talked of.
_AGREED = r"agreed (?:(?:to|that|for) (?:\w+ ){0,5})?(?:shar\w+|post\w*|tell\w*|say\w*|mention\w*|nam(?:e|ing)|public)"
PERMITTED = spoken(
    r"\b(?:with (?:her|his|their) (?:\w+ )?(?:permission|blessing|consent|ok|okay|say-so)|(?:she|he|they)(?:'s| has|'ve"
    rf"| have)? (?:said (?:i|we) (?:can|could|may)|asked (?:me|us) to (?:share|say|tell|post|pass)|{_AGREED}"
    r"|given (?:us )?permission|happy for (?:me|us|this|it|(?:everyone|everybody|you all|people) to (?:know|hear))"
    r"|wants? (?:everyone|you all|people) to know|shared (?:this"
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
    if end - start > NEAR or tells(text[start:end]):
        return []
    if not (_only_points(text[start : said[0]]) and _only_points(text[said[1] : end])):
        return []
    beside = ([number - 1] if number else []) + after
    telling = [one for one in beside if tells(text[slice(*parts[one])])]
    # Where both tell, it is not plain which it is for.
    return (telling or beside) if len(telling) < 2 else []


def _only_points(words: str) -> bool:
    reason = _REASON.search(words)
    words = words[: reason[0]] if reason else words
    pointing = _POINTING.find_all(words)
    return all(any(first <= start and end <= last for first, last in pointing) for start, end in _WORD.find_all(words))


def all_permitted(row: Any) -> Span | None:
    """Where it stands that every colleague spoken of has allowed all that is told, by the roster or the register; else None."""
    text = row.normalised_text
    allowed = permitted_by_all(spoken_of(row))
    if not allowed:
        return None
    signs = [*((pattern, permission) for pattern, _, _, permission in SIGNS), (PHOTO, "photo")]
    places = [
        (place, permission) for pattern, permission in signs for place in _in_one_sentence(pattern.find_all(text), text)
    ]
    places += [
        ((entity["start_char"], entity["end_char"]), ENTITIES.get(entity["kind"], ("", "nothing allows it"))[1])
        for entity in row.entities
        if not entity["published"]
    ]
    # "Our treasurer": somebody else is spoken of, whom the roster does not know by name.
    if not places or COLLEAGUE.search(text) or not {permission for _, permission in places} <= allowed:
        return None
    told_from, told_to = min(place[0] for place, _ in places), max(place[1] for place, _ in places)
    names = [(person["start_char"], person["end_char"]) for person in others(row)]
    return min([told_from, *(start for start, _ in names)]), max([told_to, *(end for _, end in names)])


def _in_one_sentence(places: Sequence[Span], text: str) -> list[Span]:
    """Those of the places that are in the sentence of the first one: what is told further on may lie behind other news."""
    end = sentence(text, *places[0])[1] if places else 0
    return [place for place in places if place[0] < end]


def permitted_by_all(people: Sequence[dict[str, Any]]) -> set[str]:
    """What each of the people permits; nothing where there are none."""
    given = [set(person["permitted"]) for person in people]
    return set.intersection(*given) if given else set()


def lacking(people: Sequence[dict[str, Any]], permission: str) -> str:
    """What is known of a permission that does not hold for all of the people, for the Chair."""
    ended = [one["until"] for person in people for one in person["ended"] if one["what"] == permission]
    permitted = any(permission in person["permitted"] for person in people)
    if (ended or permitted) and len({person["member_id"] for person in people}) > 1:
        return "not everybody named is known to permit it"
    return f"their permission for this ended on {max(ended):%-d %b %Y}" if ended else "no permission for this is known"
