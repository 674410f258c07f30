"""The roster: who is a member, under which names and handles, and what each has allowed to be shared."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from checks.formats import FOLDED
from checks.naming import (
    HANDLE,
    any_of,
    called,
    escaped,
    in_full,
    name_alone,
    on_the_team,
    perhaps_in_full,
    plain_part,
    titled,
)
from checks.phrases import Signs, phrases
from checks.published import Published

# What a member can allow to be shared.
PERMISSIONS = (
    "practice_email", "practice_phone", "photo", "birthday", "private_email", "private_phone", "home_address", "health",
    "family", "finances", "whereabouts",
)  # fmt: skip
PLATFORMS = ("facebook", "x", "instagram", "linkedin", "youtube")
COLUMNS = ("member_id", "name", "known_as", "role", *PLATFORMS, "practice_email", "practice_phone", "permitted")
# A roster may have it; without it nobody has agreed.
CONSENT = "matched_on"
# Who has one of these roles holds no office, nor who has none.
_NO_OFFICE = re.compile(
    r"(?:(?:full|student|trainee|associate|registered|accredited|senior|retired|honorary|ordinary|individual) )?member|",
    re.IGNORECASE,
)


class RosterError(Exception):
    """The roster cannot be used; the message names the file, the line and the column."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the roster; `permitted` is what may be shared, of PERMISSIONS.

    `matched_on` are the platforms on which the member has agreed to be recognised, where their terms ask for that; `ended` is
    what was permitted until a day that has gone, with that day.
    """

    member_id: str
    name: str
    known_as: str
    role: str
    handles: Mapping[str, str]
    practice_email: str
    practice_phone: str
    permitted: tuple[str, ...]
    matched_on: tuple[str, ...] = ()
    ended: Mapping[str, date] = field(default_factory=dict)

    @property
    def surname(self) -> str:
        """The last part of the name."""
        return self.name.split()[-1]

    def names(self) -> list[str]:
        """The names that nobody else is likely to have: in full, without those in the middle, and as the member is known."""
        # Who has a single name has no surname beside it.
        first = [one for one in self.first_names() if one.lower() != self.name.lower()]
        return list(dict.fromkeys(f"{one} {self.surname}" for one in first) | {self.name: None})

    def first_names(self) -> list[str]:
        """What the member is called by those who know them."""
        return [one for one in (self.name.split()[0], self.known_as) if one]

    @property
    def holds_office(self) -> bool:
        """Whether the member is more than one of many."""
        return not _NO_OFFICE.fullmatch(self.role)


@dataclass(frozen=True)
class Roster:
    """All members."""

    members: tuple[Member, ...] = field(default=())

    @classmethod
    def load(cls, path: Path | None) -> Roster:
        """The roster in the CSV file `path`; an empty one where no path is given.

        Raises RosterError for a file that is not there or that has not the columns of docs/configuration.md.
        """
        if path is None:
            return cls()
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
                    raise RosterError(f"{path} has no column {missing[0]}. It needs {', '.join(COLUMNS)}.")
                members = [_member(row, path, reader.line_num) for row in reader]
                _require_each_once(members, path)
                return cls(tuple(members))
        except (FileNotFoundError, IsADirectoryError):
            raise RosterError(f"There is no roster at {path}: correct [people] roster in acto.toml.") from None
        except (UnicodeDecodeError, csv.Error) as error:
            raise RosterError(f"{path} is not CSV in UTF-8: {error}") from None

    @property
    def names(self) -> list[str]:
        """Every name of every member."""
        return [name for member in self.members for name in member.names()]

    @cached_property
    def published(self) -> Published:
        """Contacts that may be passed on, those of the members' practices among them where they permit it."""
        phones = [one.practice_phone for one in self.members if "practice_phone" in one.permitted]
        return Published().with_contacts(
            phones, [one.practice_email for one in self.members if "practice_email" in one.permitted]
        )

    @cached_property
    def gate(self) -> str:
        """RE2: whether a text may name a member; empty without members."""
        # A handle may go on here: where it ends, `find` sees.
        handles = any_of(escaped(handle) for handle in self._numbers_at)
        ways = (
            perhaps_in_full(self.names),
            titled(member.surname for member in self.members),
            f"@(?:{handles})",
            called(name for member in self.members for name in member.first_names()),
        )
        return "|".join(ways) if self.members else ""

    def find(self, text: str, context: str = "", *, by_acto: bool = False) -> list[dict[str, Any]]:
        """Whom `text` names: member_id, name, span, what is permitted and what was, in the order of the text.

        A first name alone is a member's only where `context` (what the text answers) names that member too, or where
        the text speaks of one of the team: "our Hywel", "Hywel in the office". ACTO itself (`by_acto`) calls those who
        hold an office in it by their first names.
        """
        if not self.members or not self._signs.any_in(text):
            return []
        handles, lowered = phrases(HANDLE).find_all(text), text.lower()
        found = {
            (start, end, number)
            for start, end in handles
            for number in self._numbers_at.get(_bare(text[start:end]), ())
        }
        for number, one in enumerate(self._ways):
            if not any(key in lowered for key in one.keys):
                continue
            places = phrases(one.in_full).find_all(text)
            meant = by_acto and one.member.holds_office
            if meant or phrases(one.first_name).search(context) or phrases(one.on_the_team).search(text):
                places += phrases(one.first_name).find_all(text)
            found.update((start, end, number) for start, end in places)
        # "Jane Smith-Jones" is not Jane Smith, nor is "@jane.smith.cakes"; but a first name may be either of two, and then needs
        # the leave of both.
        taken = {(start, end) for start, end, _ in found} | {(start + 1, end) for start, end in handles}
        longest = [
            (start, end, number)
            for start, end, number in sorted(found)
            if not any(first < end and start < last and (last - first) > (end - start) for first, last in taken)
        ]
        return [
            {
                "member_id": self._ways[number].member.member_id,
                "name": text[start:end],
                "start_char": start,
                "end_char": end,
                "permitted": list(self._ways[number].member.permitted),
                "ended": [{"what": what, "until": day} for what, day in self._ways[number].member.ended.items()],
            }
            for start, end, number in longest
        ]

    def permitting(
        self, allowed: Mapping[str, set[str]], ended: Mapping[str, Mapping[str, date]] | None = None
    ) -> Roster:
        """This roster where each member (by member_id) permits what is in `allowed` too, and has permitted what is in `ended`
        until the day there.
        """
        return Roster(
            tuple(
                replace(
                    one,
                    permitted=tuple(dict.fromkeys([*one.permitted, *sorted(allowed.get(one.member_id, ()))])),
                    ended=(ended or {}).get(one.member_id, {}),
                )
                for one in self.members
            )
        )

    def naming(self, member_ids: Collection[str]) -> str:
        """RE2: whether a text, as it was posted, may name one of these members or give a contact of theirs; empty where there
        are none.
        """
        meant = [one for one in self.members if one.member_id in member_ids]
        contacts = [escaped(one.practice_email) for one in meant if one.practice_email]
        # A text may have it with the country's code or without.
        phones = [re.sub(r"^(?:0044|44|0)0?", "", re.sub(r"\D", "", one.practice_phone)) for one in meant]
        contacts += [r"[\s().\-/]{0,3}".join(digits) for digits in phones if digits]
        # In letters that are not plain may stand whose name it will; only a few texts of ten thousand have any (measured).
        return "|".join([Roster(tuple(meant)).gate, *contacts, FOLDED]) if meant else ""

    def fingerprints(self) -> dict[str, str]:
        """By member_id what judging a text that names the member depends on."""
        # What had been permitted until a day that has gone changes the words of a flag alone, and a flag keeps its words.
        known = {
            one.member_id: (
                one.name, one.known_as, sorted(one.handles.items()), one.role, sorted(one.permitted), sorted(one.matched_on),
                one.practice_email, one.practice_phone,
            )
            for one in self.members
        }  # fmt: skip
        return {member_id: hashlib.sha256(repr(facts).encode()).hexdigest() for member_id, facts in known.items()}

    def handles(self, official: Mapping[str, str]) -> pd.DataFrame:
        """Who is who by handle, the members and ACTO itself: platform, handle, role, member_id, consented."""
        rows: list[tuple[str, str, str, str | None, bool]] = [
            (platform, handle, "official", None, True) for platform, handle in official.items()
        ]
        rows += [
            (platform, handle, "member", member.member_id, platform in member.matched_on)
            for member in self.members
            for platform, handle in member.handles.items()
        ]
        return pd.DataFrame(rows, columns=["platform", "handle", "role", "member_id", "consented"], dtype="object")

    def member_at(self, platform: str, handle: str) -> str | None:
        """The member_id of whoever has that handle on `platform`, with or without its @; None for nobody known."""
        return self._by_handle.get((platform, _bare(handle)))

    def consents(self, member_id: str, platform: str) -> bool:
        """Whether a member has agreed to be recognised on `platform`."""
        return any(platform in one.matched_on for one in self.members if one.member_id == member_id)

    @cached_property
    def _signs(self) -> Signs:
        return Signs([self.gate])

    @cached_property
    def _by_handle(self) -> dict[tuple[str, str], str]:
        return {
            (platform, _bare(handle)): member.member_id
            for member in self.members
            for platform, handle in member.handles.items()
        }

    @cached_property
    def _numbers_at(self) -> dict[str, set[int]]:
        """By handle, on whatever platform: whose it is, by their places among the members."""
        numbers: dict[str, set[int]] = {}
        for number, member in enumerate(self.members):
            for handle in member.handles.values():
                numbers.setdefault(_bare(handle), set()).add(number)
        return numbers

    @cached_property
    def _ways(self) -> list[_Ways]:
        return [_Ways.of(member) for member in self.members]


def _member(row: Mapping[str, str | None], path: Path, line: int) -> Member:
    cells = {name: unicodedata.normalize("NFC", row.get(name) or "").strip() for name in (*COLUMNS, CONSENT)}
    for name in ("member_id", "name"):
        if not cells[name]:
            raise RosterError(f"{path}, line {line}: {name} is empty.")
    permitted = _parts(cells["permitted"])
    if unknown := [what for what in permitted if what not in PERMISSIONS]:
        raise RosterError(f"{path}, line {line}: permitted is {unknown[0]!r}; it can be {', '.join(PERMISSIONS)}.")
    return Member(
        member_id=cells["member_id"],
        name=name_alone(cells["name"]),
        known_as=cells["known_as"],
        role=cells["role"],
        handles={platform: cells[platform] for platform in PLATFORMS if cells[platform]},
        practice_email=cells["practice_email"],
        practice_phone=cells["practice_phone"],
        permitted=permitted,
        matched_on=_parts(cells[CONSENT]),
    )


def _require_each_once(members: Sequence[Member], path: Path) -> None:
    counted = Counter(one.member_id for one in members)
    if twice := [member_id for member_id, count in counted.items() if count > 1]:
        raise RosterError(
            f"{path}: member_id {twice[0]!r} is there {counted[twice[0]]} times; each member needs its own."
        )


def _bare(handle: str) -> str:
    return handle.lstrip("@").lower()


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


class _Ways(NamedTuple):
    """The ways of naming a member, as RE2: in full or with a title, by the first name, and by it as one of the team. A text
    without any of the `keys` in it, in lower case, has none of them.
    """

    member: Member
    keys: list[str]
    in_full: str
    first_name: str
    on_the_team: str

    @classmethod
    def of(cls, member: Member) -> _Ways:
        """Those of `member`."""
        return cls(
            member,
            list(dict.fromkeys(plain_part(word) for word in (member.surname, *member.first_names()))),
            "|".join([*map(in_full, member.names()), titled([member.surname])]),
            called(member.first_names()),
            on_the_team(member.first_names()),
        )
