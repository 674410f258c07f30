"""The people that the checks know: the roster of acto.toml with the permissions that hold today."""

from __future__ import annotations

from checks.permissions import Permission, in_force, load_permissions, read_permissions
from checks.roster import Roster
from flows.config import Config
from flows.days import today
from flows.report_words import and_list, clip, count

# Of so many rows the line is said.
MOST = 5


def known_people(config: Config) -> Roster:
    """The roster with what its members permit today, in London. Raises checks.roster.RosterError."""
    roster, register = people_files(config)
    return in_force(roster, register, today())


def people_of_scan(config: Config) -> tuple[Roster, list[str]]:
    """The roster as in `known_people`, and a sentence for the report where the register permits something to nobody in it: a
    colleague who has left must not stop the night. Raises checks.roster.RosterError for any other fault.
    """
    roster = Roster.load(config.roster)
    register, strangers = read_permissions(config.permissions, roster)
    people = in_force(roster, register, today())
    if not strangers or config.permissions is None:
        return people, []
    rows = [f"line {one.line} (member_id {clip(one.member_id, 40)!r})" for one in strangers[:MOST]]
    if len(strangers) > MOST:
        rows.append(count(len(strangers) - MOST, "more row"))
    name = config.permissions.name
    return people, [
        f"{name}, {and_list(rows)}: not in the roster, so nothing is permitted by this. Take it out, or correct the member_id."
    ]


def people_files(config: Config) -> tuple[Roster, list[Permission]]:
    """The roster and the register of permissions as they lie in their files. Raises checks.roster.RosterError."""
    roster = Roster.load(config.roster)
    return roster, load_permissions(config.permissions, roster)
