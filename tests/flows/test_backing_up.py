"""`acto backup`, `acto restore`, and doctor's word on them: as whoever runs the program for the Chair meets them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.backing_up import backup_finding
from tests.conftest import Acto
from tests.flows.test_keys import TEXT, imported
from warehouse import backups


def test_a_backup_is_made_examined_and_restored(home: Path, acto: Acto, tmp_path: Path) -> None:
    """The body's only copy is one stolen laptop away from being gone: what brings it back must need no expert."""
    nothing = acto("backup")
    assert nothing.returncode == 1 and "nothing to back up" in nothing.stderr and "Traceback" not in nothing.stderr
    (home / "acto.toml").write_text("[report]\n")
    imported(home, acto)
    assert next(backup_finding(home)).outcome == "warning"
    done = acto("backup")
    assert done.returncode == 0 and "Only the history's key opens it" in done.stdout, done.stderr
    (backup,) = (home / "backups").iterdir()
    key = (home / "keys" / "history.key").read_text().strip()
    assert next(backup_finding(home)).outcome == "ok" and "0 days old" in next(backup_finding(home)).says
    assert key not in done.stdout + done.stderr

    other = tmp_path / "other"
    locked = acto("restore", str(backup), "--into", str(other))
    assert locked.returncode == 2 and "set ACTO_KEY" in locked.stderr and not other.exists()
    opened = acto("restore", str(backup), "--into", str(other), ACTO_KEY=key)
    assert opened.returncode == 0 and "to be set up again" in opened.stdout, opened.stderr
    assert key not in opened.stdout + opened.stderr
    told = acto("query", "SELECT text FROM items", "--format", "csv", ACTO_HOME=str(other))
    assert TEXT in told.stdout, told.stderr

    again = acto("restore", str(backup))
    assert again.returncode == 1 and "already holds a history" in again.stderr
    other_file = tmp_path / "cut"
    other_file.write_bytes(backup.read_bytes()[:-1])
    cut = acto("restore", str(other_file), "--into", str(tmp_path / "third"), ACTO_KEY=key)
    assert cut.returncode == 1 and "cut off" in cut.stderr and "Traceback" not in cut.stderr
    backups._write(home, [(backup, datetime.now(UTC) - timedelta(days=9))])
    assert next(backup_finding(home)).outcome == "warning"


def test_an_erasure_takes_the_backups_with_it(home: Path, acto: Acto, tmp_path: Path) -> None:
    """Who was promised to be erased must not come back with a restore, and no copy out of reach may be kept quiet."""
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    imported(home, acto)
    elsewhere = tmp_path / "stick.acto-backup"
    assert acto("backup").returncode == 0 and acto("backup", str(elsewhere)).returncode == 0
    assert acto("backup", "--parquet").returncode == 0
    (before,) = (home / "backups").iterdir()
    assert TEXT.encode() in before.read_bytes()
    erased = acto("erase", "--item", "youtube:1", "--yes")
    assert erased.returncode == 0 and str(elsewhere) in erased.stdout, erased.stdout + erased.stderr
    (after,) = (home / "backups").iterdir()
    assert TEXT.encode() not in after.read_bytes() and not any((home / "exports").rglob("*.parquet"))
    assert TEXT.encode() in elsewhere.read_bytes()
