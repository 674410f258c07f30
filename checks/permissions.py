"""The register of permissions: who has expressly allowed what to be shared, and until when.

The policy: "ACTO colleagues' personal information should not be shared on social media without their express permission."
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checks.roster import PERMISSIONS, Roster, RosterError

COLUMNS = ("member_id", "what", "until")


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the register; `until` is the last day in London on which it holds, None for no end."""

    member_id: str
    what: str
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.until is None or on <= self.until


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row of the register about nobody in the roster: it permits nothing."""

    line: int
    member_id: str


def load_permissions(path: Path | None, roster: Roster) -> list[Permission]:
    """The register in the CSV file `path` (docs/configuration.md); empty where no path is given.

    Raises RosterError for a file that is not there, a column or member that is missing, or a word or day that is none.
    """
    register, strangers = read_permissions(path, roster)
    if strangers:
        raise RosterError(
            f"{path}, line {strangers[0].line}: member_id {strangers[0].member_id!r} is not in the roster."
        )
    return register


def read_permissions(path: Path | None, roster: Roster) -> tuple[list[Permission], list[Stranger]]:
    """The register as in `load_permissions`, and apart from it the rows about nobody in the roster. Raises RosterError for any
    other fault.
    """
    if path is None:
        return [], []
    known = {member.member_id for member in roster.members}
    register: list[Permission] = []
    strangers: list[Stranger] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
                raise RosterError(f"{path} has no column {missing[0]}. It needs {', '.join(COLUMNS)}.")
            for row in reader:
                cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
                if cells["member_id"] in known:
                    register.append(_permission(cells, f"{path}, line {reader.line_num}"))
                else:
                    strangers.append(Stranger(reader.line_num, cells["member_id"]))
            return register, strangers
    except (FileNotFoundError, IsADirectoryError):
        raise RosterError(f"There is no register of permissions at {path}: correct [people] permissions.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RosterError(f"{path} is not CSV in UTF-8: {error}") from None


def in_force(roster: Roster, register: Sequence[Permission], on: date) -> Roster:
    """The roster with what its members permit on a day, by the register as well as by its own column, and what they have
    permitted until an earlier one.
    """
    allowed: dict[str, set[str]] = defaultdict(set)
    ended: dict[str, dict[str, date]] = defaultdict(dict)
    for one in register:
        if one.until is None or one.holds(on):
            allowed[one.member_id].add(one.what)
        else:
            ended[one.member_id][one.what] = max(one.until, ended[one.member_id].get(one.what, one.until))
    return roster.permitting(allowed, ended)


def _permission(cells: dict[str, str], place: str) -> Permission:
    if cells["what"] not in PERMISSIONS:
        raise RosterError(f"{place}: what is {cells['what']!r}; it can be {', '.join(PERMISSIONS)}.")
    try:
        until = date.fromisoformat(cells["until"]) if cells["until"] else None
    except ValueError:
        raise RosterError(f"{place}: until is {cells['until']!r}; write the day as 2027-01-31.") from None
    return Permission(cells["member_id"], cells["what"], until)
