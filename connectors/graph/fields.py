"""The fields that a call to the Graph API asks for, fewer of them where Meta refuses one."""

from __future__ import annotations

import re
from collections.abc import Sequence

# "(#100) Tried accessing nonexisting field (is_hidden) on node type (Comment)", "(#12) x field is deprecated for versions
# v22.0 and higher".
REFUSED_FIELD = {12, 100}
NAME = re.compile(r"\w+")


class Fields:
    """The `needed` fields of an entry, without which it is none, and the `welcome` ones, which may be refused.

    One field that a new version of the API has given up must not cost the entries: what is refused is not asked for
    again. `refused` are the names of those, for a note.
    """

    def __init__(self, needed: Sequence[str], welcome: Sequence[str]) -> None:
        self.refused: list[str] = []
        self._needed = list(needed)
        self._welcome = list(welcome)

    def __str__(self) -> str:
        return ",".join([*self._needed, *self._welcome])

    def do_without(self, code: int | None, subcode: int | None, message: str) -> bool:
        """Give up the fields that a refusal names, or all welcome ones where it speaks of another field; False where
        that is not what it is about, or nothing is left to give up.
        """
        if code not in REFUSED_FIELD or subcode is not None:
            return False
        words = set(NAME.findall(message))
        given_up = [field for field in self._welcome if _name(field) in words]
        if not given_up and "field" in message.lower():
            given_up = list(self._welcome)
        self._welcome = [field for field in self._welcome if field not in given_up]
        self.refused += [_name(field) for field in given_up]
        return bool(given_up)


def _name(field: str) -> str:
    """`comments` of `comments.limit(0).summary(true)`."""
    found = NAME.match(field)
    return found[0] if found else field
