"""A full disk: said before anything is begun; and where it fills up in the middle, nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import acto_environment

SmallDisk = Callable[[str], subprocess.CompletedProcess[str]]
CHECKOUT = Path(__file__).parents[2]
# Runs its code on a real file system of 16 MB that exists for this one process.
SMALL_DISK = 'mount -t tmpfs -o size=16m none "$1" && exec "$2" -c "$3" "$1"'

COMMANDS = """
import os, sys
from pathlib import Path
from flows.command_line import app
from flows.exits import exit_in_words
home = Path(sys.argv[1]) / "home"
home.mkdir()
(home / "acto.toml").write_text("")
items = home / "items.jsonl"
items.write_text('{"platform": "x", "id": "1", "text": "hello"}')
os.environ["ACTO_HOME"] = str(home)
print([exit_in_words(app, ["scan"]), exit_in_words(app, ["import", str(items)])], sorted(path.name for path in home.iterdir()))
"""

# Lands pages until the disk is full, makes room, and goes on in the next run; more than once.
LANDS = """
import json, os, shutil, sys
from pathlib import Path
from connectors.item import Page
from tests.warehouse.conftest import NOW, comment, rows
from warehouse.landing import land, position
from warehouse.runs import start_run
from warehouse.space import is_full_disk
from warehouse.store import open_store
home, failed = Path(sys.argv[1]) / "home", 0
for run in range(20):
    with open_store(home) as store:
        run_id = start_run(store, "scan", NOW)
        try:
            for page in range((position(store, "channel") or {"next": 0})["next"], 50):
                items = [comment(f"{page}.{n}", os.urandom(5000).hex()) for n in range(20)]
                land(store, run_id, "channel", Page(items=items), {"next": page + 1})
            break
        except Exception as error:
            assert is_full_disk(error), repr(error)
            failed += 1
    shutil.rmtree(home / "raw")
with open_store(home) as store:
    print(json.dumps([failed, position(store, "channel"), *rows(store, "SELECT count(*), count(DISTINCT item_id) FROM items"),
        rows(store, "SELECT count(*), max(revision_id) FROM store.revision")[0]]))
"""

# Commits that succeed while the checkpoint after them does not, and commits that fail: what was acknowledged must be there.
COMMITS = """
import json, os, sys
from pathlib import Path
import duckdb
from tests.warehouse.conftest import NOW, rows
from warehouse import store as opening
from warehouse.store import Store, open_store
home, ballast = Path(sys.argv[1]) / "home", Path(sys.argv[1]) / "ballast"
connect, again, opened_again = opening._connect, Store._open_again, []
def with_small_log(path, folder):
    connection = connect(path, folder)
    connection.execute("SET checkpoint_threshold = '400KB'")
    return connection
opening._connect = with_small_log
Store._open_again = lambda store: (opened_again.append(1), again(store))
def keep(store, number):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO store.quarantine VALUES (?, 'c', 'r', now(), '', ?)", [str(number), os.urandom(50_000)]
        )
acknowledged = []
with open_store(home) as store:
    free = os.statvfs(home)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - 700_000))
    for number in range(60):
        try:
            keep(store, number)
        except duckdb.Error:
            break
        acknowledged.append(number)
    ballast.unlink()
    keep(store, 1000)
with open_store(home) as store:
    found = [int(name) for (name,) in rows(store, "SELECT quarantine_id FROM store.quarantine ORDER BY rowid")]
print(json.dumps([len(opened_again), acknowledged, found]))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> SmallDisk:
    """Run code on a small file system; gives what it printed."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be mounted here: user namespaces are switched off")

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", str(tmp_path), sys.executable, code],
            cwd=CHECKOUT,
            env=acto_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_too_little_room_is_said_before_anything_is_begun(small_disk: SmallDisk) -> None:
    """A night that ends in the middle for want of room costs a night; a sentence in time costs nothing."""
    done = small_disk(COMMANDS)
    # Of the scan that could not begin there is a line in the log.
    assert done.stdout == "[1, 1] ['acto.toml', 'items.jsonl', 'logs']\n", done.stderr
    first, second = done.stderr.splitlines()
    assert "MB free, and a scan may need 100 MB. Nothing was begun. Make room" in first
    assert "this import may need" in second


@pytest.mark.slow
def test_a_disk_that_fills_up_while_pages_land_loses_and_doubles_nothing(small_disk: SmallDisk) -> None:
    """With room made, the next run must end with the history that a large disk would have given."""
    done = small_disk(LANDS)
    assert done.returncode == 0, done.stderr
    failed, stands, items, revisions = json.loads(done.stdout)
    assert failed >= 1, "the disk was never full"
    assert stands == {"next": 50}
    assert items == [1000, 1000] and revisions == [1000, 1000]


def test_a_commit_that_succeeds_and_raises_is_taken_for_the_success_that_it_is(small_disk: SmallDisk) -> None:
    """Taken for a failure it would be done twice; and the run must go on with the file that DuckDB has given up."""
    done = small_disk(COMMITS)
    assert done.returncode == 0, done.stderr
    opened_again, acknowledged, found = json.loads(done.stdout)
    assert opened_again >= 1, "no checkpoint met the full disk"
    assert len(acknowledged) < 60, "no commit met the full disk"
    assert found == [*acknowledged, 1000]
