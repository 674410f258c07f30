"""`acto backup` and `acto restore`, and what `acto doctor` says of the last backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.config import Config, ConfigError, config_or_default, default_home
from flows.exits import COMPLETE
from flows.finding import Finding
from flows.log_file import logged
from flows.masking import clean
from flows.progress import logger, shown
from flows.report_words import LONDON, count
from warehouse.backup import make_backup
from warehouse.backups import made
from warehouse.encryption import encryption_of
from warehouse.export import export_views
from warehouse.key_kinds import HISTORY, READER
from warehouse.key_places import KeyFile, place_of
from warehouse.restoring import restore

OLD = timedelta(days=8)


def back_up(where: Path | None) -> int:
    """Make a backup and say where it is and what opens it."""
    home = default_home()
    with logged(home, "backup"), shown():
        return new_backup(home, where)


def new_backup(home: Path, where: Path | None = None) -> int:
    """The same inside another command, of any home."""
    config = config_or_default(home)
    file = back_up_as_configured(home, config, where)
    print(f"Backup: {file} ({file.stat().st_size / 1e6:,.1f} MB), read back and whole.")
    if encryption_of(home).at_rest:
        place = place_of(home, HISTORY)
        print(f"Only the history's key opens it ({place.name}). The key is not in it: keep a copy elsewhere.")
    else:
        print(
            "It is NOT encrypted, as nothing here is: acto.toml says at_rest = false. Whoever gets it can read everything."
        )
    if file.is_relative_to(home):
        print("It lies on the same disk as what it is for: copy it to another machine.")
    return COMPLETE


def back_up_as_configured(home: Path, config: Config, where: Path | None = None) -> Path:
    """Make a backup with all the files that acto.toml names; gives its path. Raises as warehouse.backup.make_backup."""
    people = [path for path in (config.roster, config.permissions) if path]
    logger.info("Writing the backup, and reading it back")
    return make_backup(home, where, people=people, keep=config.backup.keep)


def export(folder: Path | None) -> int:
    """Write the views as Parquet and say how they are read."""
    home = default_home()
    with shown():
        target = export_views(home, folder)
    print(f"Export: {target}, one Parquet file for each view, read back and whole.")
    if encryption_of(home).at_rest:
        print(
            f"They are encrypted under the readers' key ({place_of(home, READER).name}); docs/operations.md shows how to read."
        )
    else:
        print("They are NOT encrypted, as nothing here is: acto.toml says at_rest = false.")
    return COMPLETE


def restore_from(file: Path, into: Path | None) -> int:
    """Restore a backup and say what is to be set up again."""
    home = (into or default_home()).absolute()
    if not file.is_file():
        raise ConfigError(f"There is no backup at {file}.")
    with shown():
        logger.info("Reading the backup, and unpacking it")
        contents = restore(file, home)
    at = contents.made_at.astimezone(LONDON)
    print(f"Restored to {home}: as it was at the last run before {at:%-d %b %Y, %H:%M} (London), and published.")
    print("What is in no backup, to be set up again:")
    print("  the secrets of the sources and of the mail server (docs/configuration.md)")
    if encryption_of(home).at_rest:
        for purpose in (HISTORY, READER):
            place = place_of(home, purpose)
            beside = isinstance(place, KeyFile) and place.beside_the_data
            print(
                f"  {purpose.words}: now from {place.name}"
                + (", made or found there: keep a copy elsewhere" if beside else "")
            )
    for name, before in contents.moved.items():
        print(f"  {clean(before)}: it is in {home / name}. Put it back, or name it in acto.toml")
    print("  the schedule: acto serve. Then acto doctor says what is missing.")
    return COMPLETE


def backup_finding(home: Path) -> Iterator[Finding]:
    """How old the last backup is that can still be found; nothing where there is no history yet."""
    if not (home / "history.duckdb").exists():
        return
    there = [(file, at) for file, at in made(home) if file.exists()]
    if not there:
        yield Finding(
            "backup", "warning", "There is no backup of the history: make one each week at least.", "acto backup"
        )
        return
    file, at = there[-1]
    days = (datetime.now(UTC) - at).days
    age = f"The last backup is {count(days, 'day')} old: {file}"
    if datetime.now(UTC) - at > OLD:
        yield Finding("backup", "warning", f"{age}. Make one each week at least.", "acto backup")
    else:
        yield Finding("backup", "ok", age)
