"""The Graph API's `fields` parameter: `id,comments.limit(5).order(chronological){id,from{id}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.sandbox.graph.refusals import Refusal, refusal

NAME = re.compile(r"\s*(\w+)\s*")
CLOSING = re.compile(r"\}\s*")
MODIFIER = re.compile(r"\.(\w+)\(([^()]*)\)\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its modifiers as they are written, and the fields asked of what it holds."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[Field] = ()


def fields_of(written: str) -> list[Field]:
    """Read the whole of `written`; nothing in it is no field. Refuses what Facebook cannot read either."""
    if not written.strip():
        return []
    fields, end = _list(written, 0)
    if end != len(written):
        raise _unreadable(written, end)
    return fields


def _list(written: str, at: int) -> tuple[list[Field], int]:
    fields = []
    while True:
        one, at = _field(written, at)
        fields.append(one)
        if written[at : at + 1] != ",":
            return fields, at
        at += 1


def _field(written: str, at: int) -> tuple[Field, int]:
    """A name, then modifiers and one list in braces, in any order."""
    found = NAME.match(written, at)
    if not found:
        raise _unreadable(written, at)
    name, at = found[1], found.end()
    modifiers: dict[str, str] = {}
    inner: list[Field] = []
    while True:
        if modifier := MODIFIER.match(written, at):
            modifiers[modifier[1]], at = modifier[2], modifier.end()
        elif written[at : at + 1] == "{" and not inner:
            inner, at = _list(written, at + 1)
            closing = CLOSING.match(written, at)
            if not closing:
                raise _unreadable(written, at)
            at = closing.end()
        else:
            return Field(name, modifiers, tuple(inner)), at


def _unreadable(written: str, at: int) -> Refusal:
    return Refusal(refusal("bad_fields", at=at, written=written))
