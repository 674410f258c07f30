"""E-mail addresses that are spoken, spaced out or lack their ending: what finds them, and what they are in writing."""

from __future__ import annotations

import re2

from checks.phrases import any_case

_AT = any_case(r"\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?")
_DOT = any_case(r"\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?")
_SPACED_NAME = any_case(r"\b(?:[a-z0-9._-]\s){3,40}[a-z0-9]?(?:@|at\s)")
_SPACED_DOMAIN = any_case(r"@\s?[a-z0-9-](?:\s[a-z0-9.-]){4,40}\b")
_SAID_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
_SAID_SIGN = any_case(rf"\s({'|'.join(_SAID_SIGNS)})\s")
_NAME = rf"[a-z0-9._+-]{{1,40}}(?:\s(?:{'|'.join(_SAID_SIGNS)})\s[a-z0-9._+-]{{1,40}}){{0,3}}"
_SAID_AT = r"\sat(?:\s(?:sign|symbol))?\s|[_*~-]at[_*~-]"
_SAID_DOT = r"\.|\s\.\s|\sdot\s|[_*~-]dot[_*~-]"
_ENDINGS = r"(?:com|co|uk|org|net|ac|gov|nhs|info|me|io|eu|ie|wales|cymru|scot|london|email|example)"
# "jo at practice dot example", "jo @ practice . example"
_SPOKEN_ADDRESS = any_case(
    rf"\b({_NAME})(\s?@\s?|{_SAID_AT})([a-z0-9-]{{2,30}}(?:(?:{_SAID_DOT})[a-z0-9-]{{2,30}}){{0,2}}?"
    rf"(?:(?:{_SAID_DOT}){_ENDINGS}){{1,2}})\b"
)
_BLANK_ADDRESS = any_case(r"\b([a-z0-9._+-]{2,40})(\s@\s?|@\s)([a-z0-9-]{2,30}(?:\.[a-z0-9-]{2,30}){1,3})\b")
# "jo@gmail", "jo77 on gmail", "jo@gmail,com"
MAIL_PROVIDERS = "gmail|googlemail|hotmail|outlook|icloud|btinternet|protonmail|yahoo"
_MAIL_PROVIDERS = rf"(?:{MAIL_PROVIDERS})"
_PROVIDER_ADDRESS = any_case(
    rf"\b([a-z][a-z0-9._+-]{{3,40}})(\s?@\s?|\s(?:on|at)\s)({_MAIL_PROVIDERS})"
    r"((?:\s?[.,]\s?|\sdot\s)(?:com|co(?:\s?[.,]\s?|\sdot\s)uk))?((?:\.[a-z0-9-]{2,20}){0,3})\b"
)
_AT_PROVIDER = any_case(rf"^{_MAIL_PROVIDERS}\.")
# jobloggsATgmailDOTcom
_SHOUTED_ADDRESS = re2.compile(r"\b([a-z0-9._-]{3,40})AT([a-z0-9-]{2,30}(?:DOT[a-z]{2,10}){1,2})\b")
_A_SAID_DOT = any_case(r"\sdot\s|[_*~-]dot[_*~-]")
_SAID_DOT_WORD = any_case(r"\bdot\b|_dot_")
# A name that no word of the language is: "jo.bloggs", "jobloggs77".
_LIKE_A_HANDLE = any_case(r"^[a-z]+[a-z0-9]*(?:[._+-][a-z0-9]+|[0-9])[a-z0-9._+-]*$")
# "I looked at that shop dot com", "find us @ practice.example": talk of places on the web.
_TALK = frozenset(
    [
        "a", "address", "am", "and", "anybody", "anyone", "are", "available", "back", "be", "blog", "book", "bought",
        "browsing", "buy", "call", "check", "class", "course", "details", "donate", "donation", "event", "events",
        "everyone", "everything", "find", "form", "found", "from", "going", "had", "help", "here", "i", "is", "it",
        "just", "listen", "live", "look", "looked", "looking", "looks", "lunch", "me", "meet", "meeting", "more",
        "newsletter", "nobody", "now", "on", "online", "open", "or", "order", "ordered", "out", "over", "people",
        "problem", "problems", "read", "registered", "see", "sell", "selling", "shop", "shopping", "sign", "signed",
        "site", "somebody", "someone", "start", "started", "still", "stories", "story", "stuff", "talk", "team",
        "that", "the", "them", "there", "things", "this", "tickets", "trouble", "up", "us", "visit", "volunteer",
        "was", "watch", "we", "webinar", "website", "were", "work", "worked", "working", "works", "workshop", "you",
    ]
)  # fmt: skip
# "sales @littlebox.example" is an address, "love @littlebox.example" is not.
_DESKS = frozenset(
    ["admin", "bookings", "contact", "enquiries", "hello", "help", "info", "mail", "office", "sales", "support"]
)


def _without_blanks(match: re2._Match) -> str:
    """Letters one by one, put together."""
    found = match.group()
    return re2.sub(r"\s", "", found[:-3]) + (" at " if found[-3:].lower() == "at " else found[-3:].strip())


def _as_domain(match: re2._Match) -> str:
    found = match.group()
    return re2.sub(r"\s", "", found) if "." in found else found


def _as_address(match: re2._Match) -> str:
    """A spoken e-mail address as it is written; talk of "somebody at work dot com" stays, for it has no such ending."""
    name, at, domain = match.groups()
    if "@" not in at and not _SAID_DOT_WORD.search(domain):
        return match.group()
    return _joined(match.group(), name, at, domain)


def _as_blank_address(match: re2._Match) -> str:
    return _joined(match.group(), *match.groups())


def _joined(found: str, name: str, at: str, domain: str) -> str:
    """The address, unless it is but talk, or somebody's handle after a word."""
    mention = at.startswith(" @") and not at.endswith(" ") and not _SAID_DOT_WORD.search(domain)
    plain = "".join(_unsaid(domain).split())
    if at != "@" and name.lower() in _TALK:
        return found
    if mention and name.lower() not in _DESKS and not (_LIKE_A_HANDLE.search(name) or _AT_PROVIDER.search(plain)):
        return found
    name = _SAID_SIGN.sub(lambda said: _SAID_SIGNS[said.group(1).lower()], name)
    return f"{name}@{plain}"


def _unsaid(domain: str) -> str:
    return _A_SAID_DOT.sub(".", domain)


def _as_provider_address(match: re2._Match) -> str:
    """An address without its ending, or with it after a comma; "the trouble on gmail" stays."""
    found = match.group()
    name, at, provider, ending, other = match.groups()
    if other:
        return found
    sure = len(name) >= 5 and "@" in at and (at == "@" or ending or provider.lower() not in ("yahoo", "outlook"))
    if name.lower() in _TALK or not (sure or _LIKE_A_HANDLE.search(name)):
        return found
    plain = "".join(_unsaid(ending or ".com").split()).replace(",", ".")
    return f"{name}@{provider}{plain}"


def _as_quiet_address(match: re2._Match) -> str:
    name, domain = match.groups()
    return f"{name}@{domain.replace('DOT', '.')}"


STEPS = (
    (_AT, lambda match: "@"),
    (_DOT, lambda match: "."),
    (_SPACED_NAME, _without_blanks),
    (_SPACED_DOMAIN, _as_domain),
    (_SPOKEN_ADDRESS, _as_address),
    (_BLANK_ADDRESS, _as_blank_address),
    (_PROVIDER_ADDRESS, _as_provider_address),
    (_SHOUTED_ADDRESS, _as_quiet_address),
)
