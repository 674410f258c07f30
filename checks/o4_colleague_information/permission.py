"""Permission to share what is told of a colleague: by roster and register, or said in the text; denied, doubted, ended."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from checks.o4_colleague_information.personal_information import (
    ENTITIES,
    PHOTO,
    SIGNS,
    others,
    speaks_of_another,
    spoken_of,
    tells,
)
from checks.phrases import Span, phrases, sentences, spoken
from warehouse.ranges import joined

# Where the name of the colleague stands for it, there are strokes in its place.
_SHE = r"(?:she|he|they|_{2,})"
_HER = r"(?:her|his|their|_{2,}(?:'s|'))"
# Who agreed to something else has not agreed to be talked of.
_AGREED = r"agreed (?:(?:to|that|for) (?:\w+ ){0,5})?(?:shar\w+|post\w*|tell\w*|say\w*|mention\w*|nam(?:e|ing)|public)"
_EVERYONE = r"(?:(?:everyone|everybody|you|all|our|of|the|people|members|colleagues|friends) ){1,4}"
PERMITTED = spoken(
    rf"\b(?:with {_HER} (?:\w+ )?(?:permission|blessing|consent|ok|okay|say-so)|{_SHE}(?:'s| has|'ve| have)?"
    r" (?:said (?:i|we) (?:can|could|may) (?:(?:all|also) )?(?:share|say|tell|post|mention|name|announce|pass|put)"
    rf"|asked (?:me|us) to (?:share|say|tell|post|pass|let {_EVERYONE}know)|{_AGREED}"
    rf"|(?:told (?:me|us)|said) (?:(?:herself|himself|themselves) )?(?:that )?(?:she|he|they) (?:doesn't|don't|does not|do not)"
    rf" mind (?:me |us |{_EVERYONE})?(?:know|hear|shar|say|tell|post|mention)\w*"
    r"|given (?:us )?permission|happy for (?:me|us|this|it|(?:everyone|everybody|you all|people) to (?:know|hear))"
    r"|wants? (?:everyone|you all|people) to know|shared (?:this"
    rf"|it) (?:herself|himself|publicly))|{_SHE} (?:is|are) happy for (?:me|us|this|it|{_EVERYONE}to (?:know|hear))"
    rf"|gyda chaniatâd|as {_SHE} (?:asked|requested))\b",
    # "She said I could."
    rf"\b{_SHE}(?:'s| has|'ve| have)? said (?:i|we) (?:can|could|may)[ \t]*(?:[.:,;!)\n–—]|$)",
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
    r"\bchanged (?:her|his|their) mind(?:[.,:;!?)]|\s*$|\s+(?:since|later|now|but|and|so|though|afterwards)\b)",
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
# Where what is told first has come to its end: with the sentence or a part of it, or with what somebody does besides. When
# somebody is back belongs to why they are away.
_ENDS = spoken(r"[,;:.!?\n()–—]|\b(?:and|but|so|while|because|he|she|they|who)\b")
_BACK = spoken(r"^, (?:back|returning|due back) [^,;:.!?\n()–—]*")


def said_to_be_permitted(row: Any) -> list[Span]:
    """Where the text says that the colleague has given permission: the sentences that say so, each with one that it points to."""
    text = _with_strokes(row)
    parts = sentences(text)
    covered = set()
    for said in PERMITTED.find_all(text):
        number = bisect_right(parts, said[0], key=lambda part: part[1])
        if not _is_doubted(text[parts[number][0] : said[0]][-NEAR:], text[said[1] : said[1] + NEAR]):
            covered |= {number, *_pointed_to(row.normalised_text, text, parts, number, said)}
    return joined(parts[number] for number in covered)


def _with_strokes(row: Any) -> str:
    """The text with strokes for the name of the member whom it names, as long as the name; as it is where it names several, for
    the permission of the one is none of the other.
    """
    text: str = row.normalised_text
    named = others(row)
    if len({person["member_id"] for person in named}) == 1:
        for start, end in ((person["start_char"], person["end_char"]) for person in named):
            text = text[:start] + "_" * (end - start) + text[end:]
    return text


def _is_doubted(before: str, after: str) -> bool:
    """Whether the words before or after deny a permission or only hope for it: "not with her blessing", "if she said I could"."""
    begins = max((end for _, end in BREAK.find_all(before)), default=0)
    return bool(DOUBTED_BEFORE.search(before[begins:]) or DOUBTED_AFTER.search(after))


def _pointed_to(words: str, text: str, parts: Sequence[Span], number: int, said: Span) -> list[int]:
    """The sentences beside that with this number that its permission is for: it ends in a colon, or says nothing else.

    `words` is the `text` without strokes in it.
    """
    start, end = parts[number]
    after = [number + 1] if number + 1 < len(parts) else []
    if text[start:end].rstrip().endswith(":"):
        return after
    if end - start > NEAR or tells(words[start:end]):
        return []
    if not (_only_points(text[start : said[0]]) and _only_points(text[said[1] : end])):
        return []
    beside = ([number - 1] if number else []) + after
    telling = [one for one in beside if tells(words[slice(*parts[one])])]
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
        (place, permission) for pattern, permission in signs for place in _told_together(pattern.find_all(text), text)
    ]
    places += [
        ((entity["start_char"], entity["end_char"]), ENTITIES.get(entity["kind"], ("", "nothing allows it"))[1])
        for entity in row.entities
        if not entity["published"]
    ]
    # "Our treasurer": somebody else is spoken of, whom the roster does not know by name.
    if not places or speaks_of_another(row) or not {permission for _, permission in places} <= allowed:
        return None
    told_from, told_to = min(place[0] for place, _ in places), max(place[1] for place, _ in places)
    names = [(person["start_char"], person["end_char"]) for person in others(row)]
    last = max([told_to, *(end for _, end in names)])
    return min([told_from, *(start for start, _ in names)]), _end_of_told(text, last)


def _end_of_told(text: str, end: int) -> int:
    """Where what is told up to `end` comes to its end."""
    if _ENDS.search(text[len(text[:end].rstrip()) - 1 : end]):
        return end
    ends = _ENDS.search(text[end:])
    end = end + ends[0] if ends else len(text)
    back = _BACK.search(text[end:])
    return end + back[1] if back else end


def _told_together(places: Sequence[Span], text: str) -> list[Span]:
    """Those of the places that are in the sentence of the first one, and in the next ones without another between: what is told
    further on may lie behind other news.
    """
    parts = sentences(text)
    numbers = [bisect_right(parts, place[0], key=lambda part: part[1]) for place in places]
    apart = [number for number, (one, after) in enumerate(pairwise(numbers), 1) if after - one > 1]
    return list(places[: apart[0]] if apart else places)


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
