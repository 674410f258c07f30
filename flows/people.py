"""The people that the checks know: the roster of acto.toml with the permissions that hold today."""

from __future__ import annotations

from checks.permissions import Permission, in_force, load_permissions
from checks.roster import Roster
from flows.config import Config
from flows.days import today


def known_people(config: Config) -> Roster:
    """The roster with what its members permit today, in London. Raises checks.roster.RosterError."""
    roster, register = people_files(config)
    return in_force(roster, register, today())


def people_files(config: Config) -> tuple[Roster, list[Permission]]:
    """The roster and the register of permissions as they lie in their files. Raises checks.roster.RosterError."""
    roster = Roster.load(config.roster)
    return roster, load_permissions(config.permissions, roster)
