"""The line of the roster and of the register of permissions."""

from __future__ import annotations

from checks.roster import RosterError
from flows.config import Config
from flows.days import today
from flows.finding import Finding, Trouble, together
from flows.people import people_files
from flows.report_words import count
from flows.setup.roster_preview import doubts


def roster_finding(config: Config) -> Finding:
    """How many members and permissions there are, and what in the files looks like a slip."""
    if config.roster is None:
        return Finding(
            "roster",
            "warning",
            "No roster: members cannot be told from others. Set [people] roster.",
            f"nano {config.home / 'acto.toml'}",
        )
    try:
        roster, register = people_files(config)
    except OSError as error:
        says = f"{error.filename or config.roster} cannot be read: {error.strerror}."
        return Finding("roster", "broken", says, f"nano {config.home / 'acto.toml'}")
    except RosterError as error:
        file = config.roster if config.roster.exists() else config.home / "acto.toml"
        permissions = config.permissions
        if permissions and permissions.exists() and str(permissions) in str(error):
            file = permissions
        return Finding("roster", "broken", str(error), f"nano {file}")
    ended = sum(not one.holds(today()) for one in register)
    said = f"{count(len(roster.members), 'member')}, {count(len(register) - ended, 'permission')} in force"
    said += f", {ended} ended" if ended else ""
    if not roster.members:
        return Finding("roster", "warning", f"{config.roster} has no member in it.", f"nano {config.roster}")
    slips = [Trouble("warning", doubt, f"nano {config.roster}") for doubt in doubts(roster, config.official)]
    return together("roster", f"{said}." if slips else said, slips)
