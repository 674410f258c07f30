"""kill -9 amid a change of keys, at any step: the history is whole, under the old or the new key, and the change ends."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import opened
from tests.sampling import IN_FULL
from tests.warehouse.encrypted_home import IN_THE_CLEAR, MARKER, keep_marked, readable, texts
from warehouse.encryption import EncryptionError
from warehouse.key_kinds import HISTORY, READER
from warehouse.key_places import place_of
from warehouse.keys import begin_change, change_data_key, is_changing, keys_for_writing
from warehouse.store import LIVE, open_store

# Dies, as by kill -9, when it is about to rename, remove or finish writing for the nth time.
CHILD = """
import os, signal, sys
from pathlib import Path
left = int(sys.argv[2])
def counted(event, arguments):
    global left
    if event in ("os.rename", "os.remove"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(counted)
from warehouse.keys import begin_change
from warehouse.store import open_store
home = Path(sys.argv[1])
if sys.argv[3] == "rotate":
    with open_store(home):
        begin_change(home)
with open_store(home):
    pass
"""


def changed(home: Path, way: str, steps: int) -> bool:
    """Change keys in a process that dies after so many steps; whether it came to its end."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(home), str(steps), way], capture_output=True, check=False)
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode == 0


def rotated(home: Path) -> None:
    keep_marked(home)


def encrypted(home: Path) -> None:
    (home / "acto.toml").write_text(IN_THE_CLEAR)
    keep_marked(home)
    (home / "acto.toml").unlink()


def decrypted(home: Path) -> None:
    keep_marked(home)
    (home / "acto.toml").write_text(IN_THE_CLEAR)


@pytest.mark.slow
@pytest.mark.parametrize("begin", [rotated, encrypted, decrypted], ids=["rotate", "encrypt", "decrypt"])
def test_a_change_of_keys_may_be_killed_at_any_step(
    begin: Callable[[Path], None], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A power cut amid a rotation must not cost the history: no key that is left would open the rest."""
    way = request.node.callspec.id
    steps, stride = (0, 1) if IN_FULL else (6, 13)
    begun = tmp_path / "begun"
    begun.mkdir()
    begin(begun)
    while True:
        home = shutil.copytree(begun, tmp_path / str(steps))
        ended = changed(home, way, steps)
        assert texts(home) == [f"{MARKER} 1"], f"readers, after step {steps}"
        keep_marked(home, "2")
        assert texts(home) == [f"{MARKER} 1", f"{MARKER} 2"], f"after step {steps}"
        if way != "decrypt":
            assert readable(home) == [] and not is_changing(home), f"after step {steps}"
        else:
            assert len(readable(home)) == 6 and not list((home / "warehouse").glob("*.sealed")), f"after step {steps}"
        if ended:
            break
        steps += stride
    assert steps >= 8, "the steps are no longer counted"


def test_after_a_rotation_the_old_keys_open_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that was lost to somebody must be worth nothing from then on, for what is kept here."""
    keep_marked(home)
    old, held = keys_for_writing(home), place_of(home, HISTORY).keys()[0]
    with open_store(home):
        begin_change(home)
    with open_store(home):
        pass
    new = keys_for_writing(home)
    assert not {old.data, old.reader} & {new.data, new.reader} and texts(home) == [f"{MARKER} 1"]
    for file, key in ((home / "warehouse" / LIVE, old.data), (home / "history.duckdb", old.reader)):
        with pytest.raises(EncryptionError):
            opened(file, key)
    monkeypatch.setenv("ACTO_KEY", held)
    with pytest.raises(EncryptionError, match="acto keys rotate"), open_store(home):
        pass


def test_the_data_key_changes_without_anybody_changing_theirs(home: Path) -> None:
    """After an erasure an old copy of a file must open to nobody, and the Chair must not need a new key for it."""
    keep_marked(home)
    old, held = keys_for_writing(home), place_of(home, HISTORY).keys()
    with open_store(home):
        change_data_key(home)
    keep_marked(home, "2")
    new = keys_for_writing(home)
    assert new.data != old.data and new.reader == old.reader and place_of(home, HISTORY).keys() == held
    assert texts(home) == [f"{MARKER} 1", f"{MARKER} 2"] and not is_changing(home)
    with pytest.raises(EncryptionError):
        opened(home / "warehouse" / LIVE, old.data)


READER_LOOP = """
import sys
from pathlib import Path
from warehouse.query import run_query
seen = reads = 0
while not Path(sys.argv[1], "stop").exists():
    (now, sums), = run_query(Path(sys.argv[1], "history.duckdb"), "SELECT count(*), count(DISTINCT text) FROM items").rows
    assert now >= seen and now == sums, (seen, now, sums)
    seen, reads = now, reads + 1
print(reads)
"""
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.item import Page
from tests.warehouse.conftest import comment
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.snapshot import publish
from warehouse.store import open_store
with open_store(Path(sys.argv[1])) as store:
    run_id = start_run(store, "scan", datetime.now(UTC))
    print("go", flush=True)
    for n in range(1000):
        land(store, run_id, "channel", Page(items=[comment(f"{run_id} {n}", f"{run_id} {n}")]), None)
        publish(store)
        print("published", flush=True)
"""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_readers_never_err_and_never_go_back_while_publications_are_killed(home: Path) -> None:
    """The Chair asks at any moment, also at that of a power cut: she gets an answer, and never an older one."""
    kills = 50 if IN_FULL else 2
    keep_marked(home)
    moments = random.Random(20261126)
    readers = [
        subprocess.Popen([sys.executable, "-c", READER_LOOP, str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for _ in range(kills):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout and writer.stdout.readline() == "go\n"
            started = time.monotonic()
            assert writer.stdout.readline() == "published\n"
            # Somewhere in the next publication, or in the one after it, however busy the machine is.
            time.sleep(moments.uniform(0.0, 1.5) * (time.monotonic() - started))
            writer.kill()
    with open_store(home):
        begin_change(home)
    with open_store(home):
        pass
    (home / "stop").touch()
    for reader in readers:
        counted, errors = reader.communicate(timeout=120)
        assert reader.returncode == 0, errors.decode()
        assert int(counted) > kills, "the readers hardly read"
    assert len(texts(home)) > kills
    assert place_of(home, READER).keys() == [keys_for_writing(home).reader]
