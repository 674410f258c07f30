"""The questions of `acto init`, on a terminal or from a file: each says why it is asked, Enter skips it, no secret is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from rich.console import Console

from checks.roster import Roster, RosterError
from flows.config import first_problem
from flows.config_sections import OFFICIAL_HANDLES, PrivacyPapers, ReportSettings, SmtpConfig
from flows.days import today
from flows.masking import clean
from flows.setup.answers import Answers
from flows.setup.presences import name_for, presence
from flows.setup.roster_preview import doubts, matched_authors, preview
from warehouse.encryption import EncryptionError
from warehouse.query import QueryError

Answer = TypeVar("Answer")
# Why each question is asked, and how it is answered.
READERS = "Every night one mail says what to look at. Addresses, with commas between."
SERVER = (
    "Without one, reports are left as files in the folder outbox. Write NAME:PORT and your user\n"
    "   name there. Its password is not asked for here."
)
PRESENCES = (
    "What is not named here is not read. Write one a line, and Enter when done: the platform,\n"
    "   then what docs/access/ says of it. For example\n"
    "     youtube UCxxxxxxxxxxxxxxxxxxxxxx\n"
    "     facebook 104882613795120\n"
    "     x 7205410938 acto_org\n"
    "     feed https://forum.example.org/online-therapy.rss"
)
ROSTER = (
    "Without it, members cannot be told from others. A CSV file (docs/configuration.md has its\n"
    "   columns); you see what was understood of it."
)
PAPERS = (
    "UK GDPR wants them before the words of real people are read. Templates are in docs/privacy/.\n"
    "   If they are agreed, write the name and the role of who answers for them."
)
DAY = "It is kept beside the name."


class Interview:
    """Asks on `console` and reads standard input, for the home `home`. At the end of the input all else is skipped."""

    def __init__(self, console: Console, home: Path) -> None:
        self._console = console
        self._home = home
        self._ended = False

    def answers(self) -> Answers:
        """Ask all six questions."""
        told = Answers()
        self._question(1, "Who gets the report?", READERS)
        default = ", ".join(told.report.to)
        told.report = self._answer(_readers, default=default) or told.report
        self._question(2, "Which mail server sends it?", SERVER)
        told.smtp = self._answer(_mail_server, example="smtp.example.org:587 monitor@acto-org.uk")
        self._question(3, "Which presences are to be watched?", PRESENCES)
        while keys := self._answer(presence):
            told.sources[name_for(keys["platform"], told.sources)] = keys
        self._question(4, "Where is the roster of members?", ROSTER)
        told.roster = self._answer(self._roster, example="roster.csv")
        self._question(5, "Who answers for the privacy papers?", PAPERS)
        who = self._answer(_person)
        if who:
            self._question(6, "On which day were they agreed?", DAY)
            day = self._answer(_day, default=today().isoformat()) or today()
            told.privacy = PrivacyPapers(recorded_on=day, recorded_by=who)
        return told

    def _question(self, number: int, title: str, why: str) -> None:
        if not self._ended:
            self._console.print(f"\n[bold]{number}. {title}[/bold]")
            self._console.print(f"   {why}", markup=False)

    def _answer(self, read: Callable[[str], Answer], *, default: str = "", example: str = "") -> Answer | None:
        """What `read` makes of the answer, asked again where it raises ValueError; None for Enter."""
        hint = f" [{default}]" if default else f" (for example {example})" if example else ""
        while True:
            try:
                typed = self._line(f"  {hint} > ")
                return read(typed) if typed else None
            except ValueError as error:
                self._console.print(f"   {error}", style="yellow", markup=False)

    def _line(self, prompt: str) -> str | None:
        if self._ended:
            return None
        try:
            if sys.stdin.isatty():
                return input(prompt).strip()
            self._console.print(prompt, end="", markup=False)
            typed = sys.stdin.readline()
            self._console.print(typed.strip(), markup=False)
        except EOFError:
            typed = ""
        except UnicodeDecodeError:
            raise ValueError("This answer is not text in UTF-8.") from None
        self._ended = not typed
        return typed.strip() if typed else None

    def _roster(self, typed: str) -> Path:
        try:
            path = Path(typed).expanduser()
            path = (
                path if path.is_absolute() or path.exists() or not (self._home / path).exists() else self._home / path
            )
            path = path.absolute()
            roster = Roster.load(path)
        except RosterError as error:
            raise ValueError(str(error).replace(": correct [people] roster in acto.toml", "")) from None
        except OSError as error:
            raise ValueError(f"{clean(typed)[:200]} cannot be read: {error.strerror}.") from None
        except RuntimeError:
            raise ValueError(f"{clean(typed)[:200]} begins with the home folder of somebody who is not here.") from None
        for line in preview(roster, path):
            self._console.print(f"     {line}", markup=False)
        for doubt in doubts(roster, OFFICIAL_HANDLES):
            self._console.print(f"     Look again: {doubt}", style="yellow", markup=False)
        self._matched(roster)
        return path.relative_to(self._home) if path.is_relative_to(self._home) else path

    def _matched(self, roster: Roster) -> None:
        history = self._home / "history.duckdb"
        if not history.exists():
            return
        try:
            for line in matched_authors(roster, history):
                self._console.print(f"     In the history: {line}", markup=False)
        except (QueryError, EncryptionError) as error:
            self._console.print(f"     The history cannot be compared: {error}", style="yellow", markup=False)


def _readers(typed: str) -> ReportSettings:
    try:
        return ReportSettings(to=[one.strip() for one in typed.split(",") if one.strip()])
    except ValidationError:
        raise ValueError("Write e-mail addresses, with commas between, like chair@acto-org.uk.") from None


def _mail_server(typed: str) -> SmtpConfig:
    server, *rest = typed.split()
    host, _, port = server.partition(":")
    if len(rest) > 1 or (port and not port.isdecimal()):
        raise ValueError(
            "Write NAME:PORT and then the user name there, if there is one. No password: it is not asked for."
        )
    number = int(port or 587)
    security = "tls" if number == 465 else "none" if host in {"127.0.0.1", "localhost"} else "starttls"
    given = {"host": host, "port": number, "security": security, "username": rest[0] if rest else None}
    return _checked(lambda: SmtpConfig.model_validate(given))


def _person(typed: str) -> str:
    papers = _checked(lambda: PrivacyPapers(recorded_on=today(), recorded_by=typed))
    return papers.recorded_by or typed


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise ValueError("Write the day like 2026-11-26.") from None
    if day > today():
        raise ValueError("That day has not come yet.")
    return day


def _checked(make: Callable[[], Answer]) -> Answer:
    try:
        return make()
    except ValidationError as error:
        raise ValueError(f"{first_problem(error)}.") from None
