"""The validators: which numbers and addresses a text really holds, and whom of the roster it names.

Nearly every text holds none. So DuckDB looks first, at all raw texts, for what could be one (`gate`); then one pass over the
plain text says which disguises, formats and names to look for at all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from checks.disguises import DISGUISED, rewritten
from checks.entities import FORMATS, find_entities
from checks.formats import GATES
from checks.phrases import signs
from checks.plain_letters import Normalised
from checks.roster import Roster

_FORMATS_FROM, _NAMES = len(DISGUISED), len(DISGUISED) + len(FORMATS)


class Validated(NamedTuple):
    """What a text holds: in `plain` form, with digits and addresses as they are meant; `entities` as the rows of a check have
    them, and `people` as Roster.find gives them; `faulty` names the error where these could not be looked for.
    """

    plain: Normalised
    entities: list[dict[str, Any]]
    people: list[dict[str, Any]]
    faulty: str = ""


class Validators:
    """The validators for the members and published contacts of a roster."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._signs = signs(*DISGUISED, *FORMATS, *([roster.gate] if roster.gate else []))

    @property
    def gates(self) -> list[str]:
        """RE2, upper and lower case the same: a raw text that matches none of them holds nothing that `validate` would find."""
        digits, words = GATES
        # Names are words among words, and so cost less there than on their own.
        return [digits, f"{words}|{self._roster.gate}" if self._roster.gate else words]

    def validate(self, plain: Normalised, context: str, *, by_acto: bool) -> Validated:
        """What a text holds that plain_letters.folded has made plain; `context` and `by_acto` as in Roster.find."""
        seen = self._signs.found_in(plain.text)
        if not seen:
            return Validated(plain, [], [])
        written = rewritten(plain, [sign for sign in seen if sign < _FORMATS_FROM])
        # What was disguised shows its format only now.
        changed = written is not plain
        formats = None if changed else [sign - _FORMATS_FROM for sign in seen if _FORMATS_FROM <= sign < _NAMES]
        entities = find_entities(written.text, self._roster.published, formats)
        named = changed or seen[-1] == _NAMES
        people = self._roster.find(written.text, context, by_acto=by_acto) if named else []
        return Validated(written, [one.as_row() for one in entities], people)
