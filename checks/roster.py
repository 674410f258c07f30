"""The roster: who is a member, under which names and handles, and what each has allowed to be shared."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from checks.entities import Published
from checks.phrases import Signs, phrases

# What a member can allow to be shared.
PERMISSIONS = (
    "practice_email", "practice_phone", "photo", "birthday", "private_email", "private_phone", "home_address", "health",
    "family", "finances", "whereabouts",
)  # fmt: skip
PLATFORMS = ("facebook", "x", "instagram", "linkedin", "youtube")
COLUMNS = ("member_id", "name", "known_as", "role", *PLATFORMS, "practice_email", "practice_phone", "permitted")
# A roster may have it; without it nobody has agreed.
CONSENT = "matched_on"
_TEAM = (
    r"\b(?:our|poor|acto'?s) (?:\w+ )?(?:NAME)"
    r"|(?:NAME)(?:'s)? (?:in|from|at) (?:the|our|acto'?s?) (?:\w+ )?(?:office|team|board|desk)\b"
    r"|(?:NAME)'s (?:disciplinary|sick note|leave)\b"
)
# Who has one of these roles holds no office, nor who has none.
_NO_OFFICE = re.compile(
    r"(?:(?:full|student|trainee|associate|registered|accredited|senior|retired|honorary|ordinary|individual) )?member|",
    re.IGNORECASE,
)
# Letters that are no other one with an accent, and what they are written as where a keyboard lacks them.
_WITHOUT_STROKE = str.maketrans("łŁøØđĐ", "lLoOdD")
# Between two parts of a name.
_BETWEEN = r"[\s.\-]{1,2}"
TITLES = r"(?:dr|mr|mrs|ms|miss|mx|prof)\.?"
_TITLE = re.compile(rf"{TITLES}\s+", re.IGNORECASE)
_LETTERS_AFTER = re.compile(
    r"[\s,]+\(?(?:[A-Z]*(?:BACP|UKCP|NCPS|NCS|BPC|HCPC|BPS|COSCA|ACTO)|BA|BSc|MA|MSc|MEd|MBA|PhD|DPhil|PGDip|PGCert|Dip\w*"
    r"|CPsychol|DClinPsy\w*|Hons|OBE|MBE|CBE|FRSA)\.?\)?$"
)


class RosterError(Exception):
    """The roster cannot be used; the message names the file, the line and the column."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the roster; `permitted` is what may be shared, of PERMISSIONS.

    `matched_on` are the platforms on which the member has agreed to be recognised, where their terms ask for that.
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

    @property
    def surname(self) -> str:
        """The last part of the name."""
        return self.name.split()[-1]

    def names(self) -> list[str]:
        """The names that nobody else is likely to have: in full, without those in the middle, and as the member is known."""
        first = self.name.split()[0]
        return list(dict.fromkeys(f"{one} {self.surname}" for one in (first, self.known_as) if one) | {self.name: None})

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
        # The first names of all with the second ones of all, and so on: a pattern a member would outgrow RE2's memory with some
        # hundred members, and then is a thousand times as slow (measured).
        names = [name.split() for name in self.names]
        first = _any(_tolerant(parts[0], begins=True) for parts in names)
        second = _any(_tolerant(parts[1], ends=True) for parts in names if parts[1:])
        ways = (
            rf"(?:{first}){_BETWEEN}(?:{second})",
            _any(_tolerant(parts[0], begins=True, ends=True) for parts in names if not parts[1:]),
            rf"\b{TITLES}\s(?:{_any(_tolerant(member.surname, ends=True) for member in self.members)})",
            rf"@(?:{_any(handle for member in self.members for handle in _handles(member))})\b",
            _any(first for member in self.members for first in _first_names(member)),
        )
        return "|".join(ways) if self.members else ""

    def find(self, text: str, context: str = "", *, by_acto: bool = False) -> list[dict[str, Any]]:
        """Whom `text` names: member_id, name, span and what is permitted, in the order of the text.

        A first name alone is a member's only where `context` (what the text answers) names that member too, or where
        the text speaks of one of the team: "our Hywel", "Hywel in the office". ACTO itself (`by_acto`) calls those who
        hold an office in it by their first names.
        """
        if not self.members or not self._signs.any_in(text):
            return []
        found: set[tuple[int, int, int]] = set()
        lowered = text.lower()
        for number, one in enumerate(self._ways):
            if not any(key in lowered for key in one.keys):
                continue
            places = phrases(one.in_full).find_all(text)
            meant = by_acto and one.member.holds_office
            if meant or phrases(one.first_name).search(context) or phrases(one.on_the_team).search(text):
                places += phrases(one.first_name).find_all(text)
            found.update((start, end, number) for start, end in places)
        # "Jane Smith-Jones" is not Jane Smith; but a first name may be either of two, and then needs the leave of both.
        longest = [
            (start, end, number)
            for start, end, number in sorted(found)
            if not any(first < end and start < last and (last - first) > (end - start) for first, last, _ in found)
        ]
        return [
            {
                "member_id": self._ways[number].member.member_id,
                "name": text[start:end],
                "start_char": start,
                "end_char": end,
                "permitted": list(self._ways[number].member.permitted),
            }
            for start, end, number in longest
        ]

    def permitting(self, allowed: Mapping[str, set[str]]) -> Roster:
        """This roster where each member (by member_id) permits what is in `allowed` too."""
        return Roster(
            tuple(
                replace(one, permitted=tuple(dict.fromkeys([*one.permitted, *sorted(allowed.get(one.member_id, ()))])))
                for one in self.members
            )
        )

    def naming(self, member_ids: Collection[str]) -> str:
        """RE2: whether a text may name one of these members, or give a contact of theirs; empty where there are none."""
        meant = [one for one in self.members if one.member_id in member_ids]
        contacts = [_escaped(one.practice_email) for one in meant if one.practice_email]
        # A text may have it with the country's code or without.
        phones = [re.sub(r"^(?:0044|44|0)0?", "", re.sub(r"\D", "", one.practice_phone)) for one in meant]
        contacts += [r"[\s().\-/]{0,3}".join(digits) for digits in phones if digits]
        return "|".join(part for part in (Roster(tuple(meant)).gate, *contacts) if part)

    def fingerprints(self) -> dict[str, str]:
        """By member_id what judging a text that names the member depends on."""
        known = {
            one.member_id: (
                _naming(one), one.role, sorted(one.permitted), sorted(one.matched_on), one.practice_email, one.practice_phone
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
        return self._by_handle.get((platform, handle.lstrip("@").lower()))

    def consents(self, member_id: str, platform: str) -> bool:
        """Whether a member has agreed to be recognised on `platform`."""
        return any(platform in one.matched_on for one in self.members if one.member_id == member_id)

    @cached_property
    def _signs(self) -> Signs:
        return Signs([self.gate])

    @cached_property
    def _by_handle(self) -> dict[tuple[str, str], str]:
        return {
            (platform, handle.lower()): member.member_id
            for member in self.members
            for platform, handle in member.handles.items()
        }

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
        name=_name_alone(cells["name"]),
        known_as=cells["known_as"],
        role=cells["role"],
        handles={platform: cells[platform] for platform in PLATFORMS if cells[platform]},
        practice_email=cells["practice_email"],
        practice_phone=cells["practice_phone"],
        permitted=permitted,
        matched_on=_parts(cells[CONSENT]),
    )


def _name_alone(name: str) -> str:
    """First names and surname, without title and letters after it: "Dr Jane Smith MBACP", "Smith, Jane"."""
    name = _TITLE.sub("", name, count=1) if _TITLE.match(name) else name
    while found := _LETTERS_AFTER.search(name):
        name = name[: found.start()]
    surname, comma, first = name.partition(",")
    return " ".join(f"{first} {surname}".split() if comma and first.strip() else name.split())


def _require_each_once(members: Sequence[Member], path: Path) -> None:
    counted = Counter(one.member_id for one in members)
    if twice := [member_id for member_id, count in counted.items() if count > 1]:
        raise RosterError(
            f"{path}: member_id {twice[0]!r} is there {counted[twice[0]]} times; each member needs its own."
        )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


class _Ways(NamedTuple):
    """The ways of naming a member, as RE2: in full, by the first name, and by it as one of the team. A text without any of the
    `keys` in it, in lower case, has none of them.
    """

    member: Member
    keys: list[str]
    in_full: str
    first_name: str
    on_the_team: str

    @classmethod
    def of(cls, member: Member) -> _Ways:
        """Those of `member`."""
        words = [member.surname, member.name.split()[0], member.known_as or member.surname, *member.handles.values()]
        first = _any(_first_names(member))
        return cls(
            member,
            list(dict.fromkeys(_plain_part(word) for word in words)),
            _naming(member),
            first,
            _TEAM.replace("NAME", first),
        )


def _any(ways: Iterable[str]) -> str:
    """RE2 for any of the `ways`; for no way at all one that nothing matches."""
    return "|".join(sorted(set(ways))) or r"[^\x00-\x{10ffff}]"


def _plain_part(word: str) -> str:
    """The longest part of `word` that stands in every spelling of it: without accents, apostrophes and hyphens."""
    return max(re.findall("[a-z0-9]+", word.lower()), key=len, default="")


def _first_names(member: Member) -> list[str]:
    """RE2 for what a member is called by those who know them; short ones only with a capital: some are words."""
    names = [member.name.split()[0]] + ([member.known_as] if member.known_as else [])
    spellings = [spelling for name in names for spelling in ([name, name.lower()] if len(name) > 4 else [name])]
    return [f"(?-i:{_tolerant(spelling, begins=True, ends=True)})" for spelling in spellings]


def _handles(member: Member) -> list[str]:
    """RE2 for the member's handles, without the @ before."""
    return [_escaped(handle.lstrip("@")) for handle in member.handles.values()]


def _naming(member: Member) -> str:
    """RE2 for the ways of naming a member that need nothing beside them: the names in full, title and surname, handles."""
    full = [
        _BETWEEN.join(_tolerant(part, begins=part is parts[0], ends=part is parts[-1]) for part in parts)
        for parts in (name.split() for name in member.names())
    ]
    titled = rf"\b{TITLES}\s{_tolerant(member.surname, ends=True)}"
    return rf"{'|'.join([*full, titled])}|@(?:{_any(_handles(member))})\b"


def _tolerant(word: str, *, begins: bool = False, ends: bool = False) -> str:
    """RE2 for a part of a name, whatever its accents, apostrophes and hyphens; where it `begins` or `ends` a name, no letter
    stands beside it.
    """
    pieces = []
    for place, character in enumerate(word):
        plain = unicodedata.normalize("NFD", character)[0].translate(_WITHOUT_STROKE)
        if plain in "'’":
            pieces.append("['’]?")
        elif plain in "-‐‑":
            pieces.append(r"[\s\-‐‑]?")
        else:
            before = r"\b" if begins and not place else ""
            after = r"\b" if ends and place == len(word) - 1 else ""
            pieces.append(
                f"{before}{_escaped(plain)}{after}"
                if plain == character
                else _accented(character, plain, before, after)
            )
    return "".join(pieces)


def _accented(character: str, plain: str, before: str, after: str) -> str:
    """RE2 for a letter with its accent, without, or with it as a character of its own, as some programs write it."""
    # To RE2 no letter but those of ASCII belongs to a word, so that one begins or ends it where there is no bound.
    before_accent, after_accent = (r"\B" if bound else "" for bound in (before, after))
    apart = rf"{before}{plain}[\x{{300}}-\x{{36f}}]+{after_accent}"
    return rf"(?:{apart}|{before}{plain}{after}|{before_accent}{character}{after_accent})"


def _escaped(text: str) -> str:
    return "".join(character if character.isalnum() else f"\\x{{{ord(character):x}}}" for character in text)
