"""What is wrong in acto.toml, in plain words that never hold a value: it may be a secret in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from pydantic_core import ErrorDetails

SECRET = re.compile(r"(?i)passw|pwd|secret|bearer|(pass|token|key)$")
PING_ADDRESS = re.compile(r"(?i)secret|url|address|(token|key)$")
# The key itself, and not the file that holds it (`key_file`).
HISTORY_KEY = re.compile(r"(?i)^(acto_?)?key$|secret|pass")
# Sections of which people expect that a secret stands in them: under which keys, and where it belongs.
SECRETS = {
    "smtp": (SECRET, "ACTO_SMTP_PASSWORD"),
    "watchdog": (PING_ADDRESS, "ACTO_PING_URL"),
    "encryption": (HISTORY_KEY, "ACTO_KEY"),
}
WHOLE_NUMBER = "must be a whole number, without quotes"
YES_OR_NO = "must be true or false, without quotes"
DAY = "must be a day, like 2026-11-26"
FAULTS = {
    "missing": "is missing",
    "string_type": "must be text, in quotes",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "literal_error": "must be {expected}",
    "list_type": 'must be a list, like ["…", "…"]',
    "too_short": "must name at least {min_length}",
    "path_type": "must be the path of a file or folder, in quotes",
    "ip_any_address": "must be the address of this machine in a network, like 127.0.0.1",
}
# What a text must look like, by the key that holds it; a name is the key itself.
PATTERNS = {
    "[key]": "a name can have letters, digits, dots, _ and -, and begins with a letter or a digit",
    "to": "no mail can go to this address: write it like chair@acto-org.uk",
    "sender": "no mail can come from this address: write it like monitor@acto-org.uk",
    "timestamp_url": "must be an address that begins with https:// or http://, without a user name or a password in it",
    "origin": "must be an address that begins with https://, without a path, like https://review.example.org",
}


def in_words(fault: ErrorDetails, known: Collection[str]) -> str:
    """What pydantic found, as a sentence that begins with the key. `known` are the keys that can stand beside it."""
    place = [str(part) for part in fault["loc"]]
    where = ".".join(part for part in place if part != "[key]") or "the file"
    return f"{where}: {_problem(fault, place, known)}"


def unknown_key(key: str, known: Iterable[str], secret: str | None = None) -> str:
    """What to say of a `key` that is none of the `known` ones. `secret` is the variable that holds what was meant, where the
    key is a secret's.
    """
    if secret:
        return (
            f"unknown key; a secret never stands in this file: set {secret} in the environment, or {secret}_FILE to a file "
            "that holds it"
        )
    known = list(known)
    near = get_close_matches(key.casefold(), known, n=1)
    return f"unknown key; is “{near[0]}” meant?" if near else f"unknown key; it can be {', '.join(known)}"


def _problem(fault: ErrorDetails, place: list[str], known: Collection[str]) -> str:
    kind = fault["type"]
    if kind == "extra_forbidden":
        pattern, variable = SECRETS.get(place[0], (None, None)) if len(place) > 1 else (None, None)
        return unknown_key(place[-1], known, variable if pattern and pattern.search(place[-1]) else None)
    if kind in {"model_type", "dict_type"}:
        return _no_section(place)
    if kind == "string_pattern_mismatch":
        key = next((part for part in reversed(place) if not part.isdigit()), "")
        return PATTERNS.get(key, "cannot be written like this (docs/configuration.md)")
    if kind in FAULTS:
        return FAULTS[kind].format_map(fault.get("ctx", {}))
    return fault["msg"].removeprefix("Value error, ")


def _no_section(place: list[str]) -> str:
    if place[0] == "sources":
        return "each source has a section of its own: write [sources.NAME] above its keys, with any name"
    if len(place) == 1:
        return f"must be a section: write [{place[0]}] above its keys"
    return 'must be a table, like { O3 = "redacted" }'
