"""The people that the checks know: the roster of acto.toml with the permissions that hold today."""

from __future__ import annotations

from datetime import UTC, datetime

from checks.permissions import Permission, in_force, load_permissions
from checks.roster import Roster
from flows.config import Config
from flows.report_words import LONDON


def known_people(config: Config) -> Roster:
    """The roster with what its members permit today, in London. Raises checks.roster.RosterError."""
    roster, register = people_files(config)
    return in_force(roster, register, datetime.now(UTC).astimezone(LONDON).date())


def people_files(config: Config) -> tuple[Roster, list[Permission]]:
    """The roster and the register of permissions as they lie in their files. Raises checks.roster.RosterError."""
    roster = Roster.load(config.roster)
    return roster, load_permissions(config.permissions, roster)
