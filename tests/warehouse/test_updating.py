"""An update of the program: the histories of all released versions are taken along, whatever happens in the middle."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.sampling import IN_FULL
from tests.warehouse.conftest import rows
from warehouse import migrations, updating
from warehouse.database import HISTORY, attach
from warehouse.keys import keys_for_writing
from warehouse.sealed import SEALED
from warehouse.snapshot import COPIED
from warehouse.store import LIVE, StoreError, open_store

RELEASED = sorted((Path(__file__).parent / "released").glob("*.duckdb.gz"))
# What a person would miss first, in the words of the public views.
ASKED = {
    "items": "SELECT item_id, text, author_handle, author_role, revision FROM items ORDER BY ALL",
    "revisions": "SELECT item_id, revision, text, content_hash FROM revisions ORDER BY ALL",
    "flags": "SELECT flag_id, item_id, evidence, status FROM flags ORDER BY ALL",
    "decisions": "SELECT flag_id, decision, reason, decided_by FROM decisions ORDER BY ALL",
    "runs": "SELECT run_id, kind, outcome FROM runs ORDER BY ALL",
    "coverage": "SELECT source, outcome, items_seen FROM coverage ORDER BY ALL",
    "quarantine": "SELECT reason, raw FROM quarantine ORDER BY ALL",
    "reports": "SELECT report_id, recipients, subject, status FROM reports ORDER BY ALL",
}
# Opens the history, and dies before the statement of that number, of all that its update runs.
DIES = """
import os, signal, sys
from pathlib import Path
import duckdb
from warehouse import store
from warehouse.store import open_store
left = int(sys.argv[2])
class Dying:
    def __init__(self, connection): self.connection = connection
    def __getattr__(self, name): return getattr(self.connection, name)
    def begin(self): self.step("BEGIN")
    def commit(self): self.step("COMMIT")
    def execute(self, sql, *values):
        # One by one: a kill may come between any two.
        for one in self.connection.extract_statements(sql):
            done = self.step(one.query, *values)
        return done
    def step(self, sql, *values):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.connection.execute(sql, *values)
connect = store._connect
store._connect = lambda path, keys: Dying(connect(path, keys))
store._close_runs_left_open = lambda opened: None
with open_store(Path(sys.argv[1])):
    print(left)
"""


def put(released: Path, home: Path) -> Path:
    """The released history as the live one of `home`."""
    live = home / "warehouse" / LIVE
    live.parent.mkdir(exist_ok=True, mode=0o700)
    live.write_bytes(gzip.decompress(released.read_bytes()))
    return live


def asked(path: Path) -> dict[str, list[tuple[object, ...]]]:
    home = path.parents[1]
    with duckdb.connect() as connection:
        attach(connection, path, [keys_for_writing(home).data if (home / SEALED).exists() else None], read_only=True)
        connection.execute(f"USE {HISTORY}")
        return {name: connection.execute(sql).fetchall() for name, sql in ASKED.items()}


def expected(released: Path, tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the released version's own views say; who is a member, a scan of the new version says anew."""
    before = tmp_path / "before.duckdb"
    before.write_bytes(gzip.decompress(released.read_bytes()))
    return asked(before)


def without_roles(answers: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    return answers | {"items": [(*row[:3], *row[4:]) for row in answers["items"]]}


def test_every_released_schema_is_kept() -> None:
    """A step without the history of the release before it would be tested on nothing."""
    steps = sorted(path.name[:4] for path in migrations.FOLDER.glob("*.sql"))
    # Between the third and the seventh step nothing was released.
    assert {path.name[:4] for path in RELEASED} == {*steps[:3], "0007"} <= set(steps)


@pytest.mark.slow
@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name[:4])
def test_a_released_history_is_taken_along(released: Path, home: Path, tmp_path: Path) -> None:
    """After an update the Chair must find each comment, version, flag and decision that was there before."""
    live = put(released, home)
    before = expected(released, tmp_path)
    assert len(before["items"]) == 4 and len(before["revisions"]) == 5 and before["flags"][0][3] == "dismissed"
    with open_store(home) as store:
        newest = max(int(path.name[:4]) for path in migrations.FOLDER.glob("*.sql"))
        assert rows(store, "SELECT max(version) FROM store.schema_version") == [(newest,)]
    assert without_roles(asked(live)) == without_roles(before)
    assert sorted(path.name for path in live.parent.iterdir()) == ["keys.sealed", "lease", LIVE, COPIED]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_kill_before_any_statement_of_an_update_loses_nothing(home: Path, tmp_path: Path) -> None:
    """A power cut while the program is updated: the next start must find the old history or the new one, and end with it."""
    live = put(RELEASED[0], home)
    before = expected(RELEASED[0], tmp_path)
    counted = subprocess.run(
        [sys.executable, "-c", DIES, str(home), "100000"], capture_output=True, text=True, check=True
    )
    statements = 100000 - int(counted.stdout)
    every = max(1, statements // (2 if not IN_FULL else statements))
    for number in range(0, statements, every):
        shutil.rmtree(home / "warehouse")
        put(RELEASED[0], home)
        killed = subprocess.run([sys.executable, "-c", DIES, str(home), str(number)], capture_output=True, check=False)
        assert killed.returncode == -9, killed.stderr.decode()
        with open_store(home):
            pass
        assert without_roles(asked(live)) == without_roles(before), f"killed before statement {number}"
        assert sorted(path.name for path in live.parent.iterdir()) == ["keys.sealed", "lease", LIVE, COPIED]


def test_an_update_that_loses_something_is_refused_and_the_copy_stays(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in a step must not cost the history: the file from before is named, and stays until somebody has looked."""
    put(RELEASED[0], home)
    bad = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, bad, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    number = len(list(bad.glob("*.sql"))) + 1
    (bad / f"{number:04}_bad.sql").write_text("UPDATE store.revision SET text = 'oh' WHERE revision_id = 1;")
    pending, migrate = migrations.pending, migrations.migrate
    monkeypatch.setattr(updating.migrations, "pending", lambda connection, _folder=bad: pending(connection, bad))
    monkeypatch.setattr(updating.migrations, "migrate", lambda connection, _folder=bad: migrate(connection, bad))
    for _ in range(2):
        with pytest.raises(StoreError, match=r"lacks something \(texts\).*before-0002\.duckdb"), open_store(home):
            pass
    copy = home / "warehouse" / "live.before-0002.duckdb"
    assert without_roles(asked(copy)) == without_roles(expected(RELEASED[0], tmp_path))
    assert copy.stat().st_mode & 0o077 == 0


def test_a_history_of_a_newer_program_is_refused_in_a_sentence(home: Path) -> None:
    """An old program on a new history would write what the new one cannot read."""
    live = put(RELEASED[-1], home)
    with duckdb.connect(str(live)) as connection:
        connection.execute("INSERT INTO store.schema_version VALUES (999, '0999_later.sql', 'x', now())")
    with (
        pytest.raises(StoreError, match="written by a newer version of this program: update the program"),
        open_store(home),
    ):
        pass
