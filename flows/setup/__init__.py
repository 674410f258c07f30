"""`acto init`: a few questions, an acto.toml with comments, a look at the roster; it ends with the doctor."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console

from flows.config import ConfigError, default_home, load_config
from flows.exits import COMPLETE
from flows.setup.answers import Answers
from flows.setup.interview import Interview
from flows.setup.presences import secrets_of
from flows.setup.writing import as_toml
from warehouse.files import private_folder


def set_up(home: Path | None) -> int:
    """Ask, write `home`/acto.toml (None: $ACTO_HOME), say which secrets it wants, and let the doctor look at it.

    Raises ConfigError where there is an acto.toml already: it is never touched.
    """
    home = (home or default_home()).absolute()
    file = home / "acto.toml"
    if os.path.lexists(file):
        raise _there_already(file)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]This writes {file}.[/bold]")
    console.print("Six questions. Enter skips a question; everything can be changed in the file later.")
    answers = Interview(console, home).answers()
    _write(file, as_toml(answers))
    # What was written is what will be read.
    load_config(home)
    console.print(f"\n[bold]Written: {file}[/bold]")
    _next_steps(console, answers, home)
    console.print("\n[bold]acto doctor says how it stands now:[/bold]")
    from flows.doctor import examine

    examine(as_json=False, home=home)
    return COMPLETE


def _write(file: Path, text: str) -> None:
    """The whole file or none, for its owner alone, and never over another one."""
    try:
        private_folder(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise _there_already(file) from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(text)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None


def _there_already(file: Path) -> ConfigError:
    return ConfigError(
        f"There is an acto.toml already, and nothing was changed: {file}. To change something, edit it "
        "(docs/configuration.md) and run acto doctor. To begin anew, move it away first."
    )


def _next_steps(console: Console, answers: Answers, home: Path) -> None:
    if home != default_home():
        console.print(f"For all other commands: export ACTO_HOME={home}", markup=False)
    wanted = secrets_of(answers)
    if wanted:
        console.print("\nNo secret goes into it. Put each into a file of its own (chmod 600), and say where that is:")
    for variable, where in wanted:
        console.print(f"  export {variable}_FILE=FILE    ({where})", markup=False)
