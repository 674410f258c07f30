"""`acto keys` and what `acto doctor` says of encryption: as whoever runs the program for the Chair meets them."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import duckdb
import pytest

from flows.encryption_finding import encryption_finding
from tests.conftest import Acto

TEXT = "Add me on my private Insta and we can chat after our sessions"


def imported(home: Path, acto: Acto) -> None:
    """One comment, kept and published."""
    (home / "items.csv").write_text(f"platform,id,text\nyoutube,1,{TEXT}\n")
    assert acto("import", str(home / "items.csv")).returncode == 0
    (home / "items.csv").unlink()


def doctor(home: Path) -> tuple[str, str]:
    """What doctor finds: the outcome and the words."""
    found = encryption_finding(home)
    return found.outcome, found.says


def test_keys_are_shown_changed_and_examined(home: Path, acto: Acto, tmp_path: Path) -> None:
    """Whoever wants her own DuckDB, or has lost a key to somebody, needs one command."""
    (home / "acto.toml").write_text("[report]\n")
    imported(home, acto)
    outcome, says = doctor(home)
    assert outcome == "warning" and "lies beside what it opens" in says and says in acto("doctor").stdout
    shown = acto("keys", "show").stdout
    with duckdb.connect() as connection:
        connection.execute(shown)
        assert connection.execute("SELECT text FROM items").fetchall() == [(TEXT,)]
    assert (home / "keys" / "history.key").read_text().strip() not in shown

    done = acto("keys", "rotate")
    assert done.returncode == 0 and "old ones open nothing here any more" in done.stdout, done.stderr
    assert TEXT in acto("query", "SELECT text FROM items", "--format", "csv").stdout

    for name in ("history.key", "reader.key"):
        (home / "keys" / name).rename(tmp_path / name)
    lost = acto("query", "SELECT 1")
    assert lost.returncode == 2 and "docs/encryption.md" in lost.stderr and "Traceback" not in lost.stderr
    assert doctor(home)[0] == "broken"
    named = f'[encryption]\nkey_file = "{tmp_path}/history.key"\nreader_key_file = "{tmp_path}/reader.key"\n'
    (home / "acto.toml").write_text(named)
    outcome, says = doctor(home)
    assert outcome == "ok" and str(tmp_path / "history.key") in says and str(tmp_path / "reader.key") in says
    (tmp_path / "history.key").chmod(0o644)
    assert doctor(home)[0] == "warning" and "chmod 600" in doctor(home)[1]


def test_what_is_not_encrypted_is_said_in_plain_words(home: Path, acto: Acto) -> None:
    """Nobody may believe in a lock that is not there."""
    (home / "acto.toml").write_text("[encryption]\nat_rest = false\n")
    imported(home, acto)
    assert doctor(home)[0] == "warning" and "NOT encrypted" in doctor(home)[1]
    assert not (home / "keys").exists()
    done = acto("keys", "rotate")
    assert done.returncode == 2 and "at_rest = false" in done.stderr


@pytest.mark.slow
def test_a_trial_of_an_encrypted_history_leaves_it_and_its_keys_alone(
    home: Path, acto: Acto, tmp_path: Path, prefect_server: str
) -> None:
    """A dry run reads the published copy under one key and works on a copy under another, which nobody keeps."""
    (home / "acto.toml").write_text("[report]\n")
    imported(home, acto)
    kept = {path: path.read_bytes() for path in (home / "warehouse").glob("*.*")}
    (tmp_path / "temporary").mkdir()
    done = acto("scan", "--dry-run", PREFECT_API_URL=prefect_server, TMPDIR=str(tmp_path / "temporary"))
    assert done.returncode == 0 and "1 new flag" in done.stdout, done.stderr + done.stdout
    assert kept == {path: path.read_bytes() for path in (home / "warehouse").glob("*.*")}
    wrong = base64.b64encode(os.urandom(32)).decode()
    refused = acto("scan", PREFECT_API_URL=prefect_server, ACTO_KEY=wrong)
    assert refused.returncode == 2 and "not the key of the history" in refused.stderr
    assert wrong not in refused.stderr and "Traceback" not in refused.stderr
