"""Backups: what they hold comes back as it was, and nothing else is ever taken for one."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from tests.warehouse.encrypted_home import IN_THE_CLEAR, MARKER, keep_marked, readable
from warehouse.archive import ArchiveError
from warehouse.backup import examine, make_backup
from warehouse.backups import backups_in
from warehouse.database import StoreError
from warehouse.encryption import EncryptionError
from warehouse.erasure import finish_erasure, plan
from warehouse.erasure_request import begin
from warehouse.export import VIEWS, export_if_due, export_views
from warehouse.key_kinds import HISTORY, new_key
from warehouse.key_places import place_of
from warehouse.query import run_query
from warehouse.raw import pages, read_page
from warehouse.restoring import restore
from warehouse.snapshot import publish
from warehouse.store import open_store


def test_room_is_asked_for_before_a_backup_is_begun(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up in the middle stops the night's run too; and the backup of before must stay."""
    kept(home)
    old = backed_up(home)
    wanted = (home / "history.duckdb").stat().st_size
    monkeypatch.setattr("warehouse.space.shutil.disk_usage", lambda _: SimpleNamespace(free=wanted))
    with pytest.raises(StoreError, match=r"a backup may need .* Nothing was begun"):
        backed_up(home)
    assert backups_in(home / "backups") == [old] and not list((home / "warehouse").glob("backup.duckdb*"))
    monkeypatch.setattr("warehouse.space.shutil.disk_usage", lambda _: SimpleNamespace(free=3 * wanted + 20_000_000))
    assert backed_up(home).exists()


def kept(home: Path) -> None:
    """A marked home whose only run has ended, as a scan ends it before it publishes."""
    keep_marked(home)
    with open_store(home) as store:
        publish(store)


def backed_up(home: Path, **how: Any) -> Path:
    """A backup of the home in its own folder."""
    return make_backup(home, None, people=how.get("people", ()), keep=how.get("keep", 7))


def views(home: Path) -> list[list[tuple[Any, ...]]]:
    """All rows of all public views."""
    return [run_query(home / "history.duckdb", f"FROM {view} ORDER BY ALL").rows for view in VIEWS]


def raw(home: Path) -> dict[str, tuple[bytes, int]]:
    """The raw pages with their content and age."""
    with open_store(home) as store:
        return {
            str(page.relative_to(home)): (read_page(page, store.keys.raw), int(page.stat().st_mtime))
            for page in pages(home)
        }


def key_of(home: Path) -> str:
    """The history's key of a home."""
    return place_of(home, HISTORY).keys()[0]


@pytest.mark.slow
@pytest.mark.parametrize("configuration", ["", IN_THE_CLEAR])
def test_a_lost_machine_costs_nothing(
    configuration: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a theft or a dead disk the history must be the same, on a machine that has nothing but the key."""
    outside = tmp_path / "members" / "roster.csv"
    outside.parent.mkdir()
    outside.write_text("member_id\n")
    (home / "acto.toml").write_text(configuration)
    (home / "inside.csv").write_text("what\n")
    (home / "outbox").mkdir()
    (home / "outbox" / "report.html").write_text("a report")
    kept(home)
    backup = backed_up(home, people=[outside, home / "inside.csv"])
    assert backup.stat().st_mode & 0o777 == 0o600
    assert (MARKER.encode() in backup.read_bytes()) == bool(configuration)
    if not configuration:
        assert not readable(home)
        monkeypatch.setenv("ACTO_KEY", key_of(home))
    other = tmp_path / "other"
    contents = restore(backup, other)
    assert views(other) == views(home) and raw(other) == raw(home) and len(raw(home)) == 2
    assert (other / "outbox" / "report.html").read_text() == "a report" and (other / "inside.csv").exists()
    assert (other / "acto.toml").read_text() == configuration
    assert contents.moved == {"elsewhere/1/roster.csv": str(outside)}
    assert (other / "elsewhere" / "1" / "roster.csv").read_text() == "member_id\n"
    assert bool(readable(other)) == bool(configuration) and not (other / ".restoring").exists()
    with pytest.raises(StoreError, match="already holds a history"):
        restore(backup, other)
    keep_marked(other, "2")
    assert len(views(other)[0]) == 2


@pytest.mark.slow
def test_a_backup_neither_waits_for_a_run_nor_disturbs_it(home: Path, tmp_path: Path) -> None:
    """A run may read for an hour; what it has not published is no part of the backup, its pages neither."""
    kept(home)
    script = (
        "import sys, time; from pathlib import Path; from datetime import UTC, datetime\n"
        "from connectors.item import Item, Page; from warehouse.landing import land\n"
        "from warehouse.runs import start_run; from warehouse.store import open_store\n"
        "with open_store(Path(sys.argv[1])) as store:\n"
        "    run = start_run(store, 'scan', datetime.now(UTC))\n"
        "    land(store, run, 's', Page(items=[Item('youtube', '9', 'comment', 'later')]), {'n': 1})\n"
        "    print('holds', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE) as run:
        try:
            assert run.stdout and run.stdout.readline() == b"holds\n"
            before = views(home)
            backup = backed_up(home)
        finally:
            run.kill()
    (tmp_path / "other" / "keys").mkdir(parents=True)
    (tmp_path / "other" / "keys" / "history.key").write_text(key_of(home))
    restore(backup, tmp_path / "other")
    assert views(tmp_path / "other") == before and len(list(pages(tmp_path / "other"))) == 2
    assert len(list(pages(home))) == 3


@pytest.mark.parametrize("configuration", ["", IN_THE_CLEAR])
def test_what_is_not_whole_is_refused(configuration: str, home: Path, tmp_path: Path) -> None:
    """A backup with one wrong byte, or without its end, must be known for what it is before it is believed."""
    (home / "acto.toml").write_text(configuration)
    keep_marked(home)
    backup = backed_up(home)
    whole, keys = backup.read_bytes(), [] if configuration else [key_of(home)]
    examine(backup, keys)
    at = random.Random(1)
    step = (1 << 20) + (32 if configuration else 16)
    start = len(whole.partition(b"\n")[0]) + 1 + 32
    flips = [0, 5, start - 1, start, len(whole) - 1, *(at.randrange(len(whole)) for _ in range(95))]
    damaged = tmp_path / "damaged"
    damaged.write_bytes(whole)
    for flip in flips:
        with damaged.open("r+b") as file:
            file.seek(flip)
            file.write(bytes([whole[flip] ^ (1 << at.randrange(8))]))
        with pytest.raises(ArchiveError):
            examine(damaged, keys)
        with damaged.open("r+b") as file:
            file.seek(flip)
            file.write(whole[flip : flip + 1])
    examine(damaged, keys)
    chunks = [whole[one : one + step] for one in range(start, len(whole), step)]
    assert len(chunks) > 2
    wrong = [
        b"",
        whole[:20],
        whole[: start + step],
        whole[:-1],
        whole + b"x",
        whole[:start] + b"".join([chunks[1], chunks[0], *chunks[2:]]),
        whole[:start] + b"".join([chunks[0], *chunks]),
        whole[:start] + b"".join([chunks[0], *chunks[2:]]),
    ]
    for content in wrong:
        damaged.write_bytes(content)
        with pytest.raises(ArchiveError):
            examine(damaged, keys)
        with pytest.raises((StoreError, EncryptionError), match=r"cannot be (restored|opened)"):
            restore(damaged, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_backup_needs_the_key_of_its_time(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gets the file alone gets nothing; whoever has another key is told which one it takes."""
    keep_marked(home)
    backup = backed_up(home)
    with pytest.raises(EncryptionError, match="ACTO_KEY"):
        restore(backup, tmp_path / "other")
    monkeypatch.setenv("ACTO_KEY", new_key())
    with pytest.raises(EncryptionError, match="another key"):
        restore(backup, tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.slow
def test_a_restore_that_is_killed_is_begun_again(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut amid a restore must leave no history that looks whole and is not."""
    kept(home)
    backup = backed_up(home)
    monkeypatch.setenv("ACTO_KEY", key_of(home))
    other = tmp_path / "other"
    script = (
        "import os, sys; from pathlib import Path; from warehouse import restoring\n"
        "restoring.live_from_published = lambda *_: os.kill(os.getpid(), 9)\n"
        "restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(backup), str(other)], check=False)
    assert killed.returncode == -signal.SIGKILL and (other / "raw").exists()
    assert not (other / "warehouse" / "live.duckdb").exists()
    restore(backup, other)
    assert views(other) == views(home) and raw(other) == raw(home)


def test_a_backup_that_is_killed_leaves_nothing(home: Path) -> None:
    """Half a file must never pass for a backup, nor lie about for ever."""
    keep_marked(home)
    script = (
        "import os, sys; from pathlib import Path; from warehouse import backup\n"
        "backup.examine = lambda *_: os.kill(os.getpid(), 9)\n"
        "backup.make_backup(Path(sys.argv[1]), None, people=(), keep=7)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    assert killed.returncode == -signal.SIGKILL and not backups_in(home / "backups")
    assert backed_up(home).exists()
    assert [path.suffix for path in (home / "backups").iterdir()] == [".acto-backup"]
    assert not (home / "warehouse" / "backup.duckdb").exists()


def test_only_the_newest_backups_stay(home: Path) -> None:
    """Backups must not fill the disk that they are to save."""
    keep_marked(home)
    (home / "backups").mkdir()
    for day in (1, 2, 3):
        (home / "backups" / f"acto-2020010{day}T000000Z.acto-backup").write_text("old")
    newest = backed_up(home, keep=2)
    assert backups_in(home / "backups") == [home / "backups" / "acto-20200103T000000Z.acto-backup", newest]


def test_erasure_reaches_backups_and_exports(home: Path) -> None:
    """Who is erased must not come back with the next restore."""
    (home / "acto.toml").write_text(IN_THE_CLEAR)
    keep_marked(home)
    backed_up(home)
    export_views(home, None)
    with open_store(home) as store:
        request, _ = plan(store, ["youtube:1"], "author", "test")
    begin(home, request)
    with pytest.raises(StoreError, match="erasure has not ended"):
        backed_up(home)
    finish_erasure(home)
    assert not backups_in(home / "backups") and not any((home / "exports").rglob("*"))
    assert f"{MARKER} 1".encode() not in backed_up(home).read_bytes()


@pytest.mark.parametrize("configuration", ["", IN_THE_CLEAR])
def test_other_programs_read_the_export(configuration: str, home: Path, tmp_path: Path) -> None:
    """The body's history must outlive this program and its database's file format."""
    (home / "acto.toml").write_text(configuration)
    keep_marked(home)
    folder = export_views(home, tmp_path / "export's")
    with duckdb.connect() as connection:
        how = ""
        if not configuration:
            with pytest.raises(duckdb.Error):
                connection.read_parquet(str(folder / "items.parquet")).fetchall()
            key = (home / "keys" / "reader.key").read_text().strip()
            connection.execute(f"PRAGMA add_parquet_key('acto', '{key}')")
            how = ", encryption_config = {footer_key: 'acto'}"
        found = [
            connection.execute(f"FROM read_parquet($file{how}) ORDER BY ALL", {"file": str(folder / f"{view}.parquet")})
            for view in ("items",)
        ]
        assert [len(one.fetchall()) for one in found] == [1]
    assert sorted(path.stem for path in folder.iterdir()) == sorted(VIEWS)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    assert not readable(folder) or configuration
    with pytest.raises(StoreError, match="is not empty"):
        export_views(home, folder)


def test_the_views_are_exported_once_a_week(home: Path) -> None:
    """Nobody thinks of an export by hand until it is needed; and each night one would fill the disk."""
    keep_marked(home)
    now = datetime.now(UTC)
    first = export_if_due(home, now)
    assert first and export_if_due(home, now + timedelta(days=6)) is None
    for day in (1, 2, 3, 4):
        (home / "exports" / f"2020010{day}T000000Z").mkdir()
    first.rename(first.with_name("20200105T000000Z"))
    second = export_if_due(home, now)
    assert second and len(list((home / "exports").iterdir())) == 4 and (second / "items.parquet").exists()
