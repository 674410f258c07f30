"""Opening the history: one writer at a time, private to its owner, closed properly whatever ended the last run."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.item import Page
from tests.conftest import opened
from tests.warehouse.conftest import NOW, comment, rows
from warehouse.keys import keys_for_writing
from warehouse.landing import land
from warehouse.lease import Holder
from warehouse.runs import end_run, start_run
from warehouse.store import LIVE, StoreError, open_store

HOLDS = """
import sys, time
from pathlib import Path
from warehouse.store import open_store
with open_store(Path(sys.argv[1]), what="import"):
    print("open", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(home: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that has the history open, once this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(home), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "open\n"
    return process


def test_a_second_run_waits_for_the_first_and_says_so(home: Path) -> None:
    """The Chair's scan beside the nightly one must neither fail nor write at the same time."""
    said: list[Holder] = []
    with holder(home, 1.5) as other, open_store(home, on_wait=said.append) as store:
        assert rows(store, "SELECT count(*) FROM items") == [(0,)]
    assert [(one.pid, one.what, one.hangs) for one in said] == [(other.pid, "import", False)]


def test_whoever_will_not_wait_is_told_what_to_do(home: Path) -> None:
    """`acto decide` on a busy history ends in a sentence, not in a lock error."""
    with holder(home, 60) as other:
        try:
            with (
                pytest.raises(StoreError, match=r"Another run is under way \(import\)"),
                open_store(home, wait_seconds=0.3),
            ):
                pass
        finally:
            other.kill()


def test_the_lease_of_a_killed_run_is_free_at_once(home: Path) -> None:
    """A power cut must not lock the Chair out."""
    other = holder(home, 60)
    other.kill()
    other.wait()
    start = time.monotonic()
    with open_store(home):
        assert time.monotonic() - start < 10


def test_only_the_owner_can_read_it(home: Path) -> None:
    """Comments of clients lie in these files; other users of the machine have no business there."""
    with open_store(home) as store:
        land(store, start_run(store, "scan", NOW), "channel", Page(items=[comment()]), None)
    for path in [home / "warehouse", home / "raw", *(home / "raw").rglob("*"), home / "warehouse" / LIVE]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_run_that_was_killed_is_closed_as_failed(home: Path) -> None:
    """A run that never ended must not look as if it were still going on, or as if it had ended well."""
    with open_store(home) as store:
        ended, killed = (start_run(store, "scan", NOW) for _ in range(2))
        end_run(store, ended, "complete", "", NOW)
    with open_store(home) as store:
        assert dict(rows(store, "SELECT run_id, outcome FROM runs")) == {ended: "complete", killed: "failed"}


def test_a_transaction_that_fails_leaves_no_trace(home: Path) -> None:
    """Half a landing would be a history that nobody can trust."""
    with open_store(home) as store:
        with pytest.raises(ZeroDivisionError), store.transaction() as connection:
            connection.execute("INSERT INTO store.run_started VALUES ('r', 'scan', now())")
            raise ZeroDivisionError
        assert rows(store, "FROM runs") == []


def test_a_file_that_is_no_history_is_refused_and_left_as_it_is(home: Path) -> None:
    """Whatever lies there may be the only copy of something."""
    (home / "warehouse").mkdir()
    live = home / "warehouse" / LIVE
    live.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreError, match=r"live\.duckdb cannot be opened"), open_store(home):
        pass
    assert live.read_bytes() == b"not a database at all" * 1000


def test_a_file_that_another_program_has_open_is_said(home: Path) -> None:
    """Somebody looks into the live file with another tool: the sentence must say that."""
    with open_store(home):
        pass
    key = keys_for_writing(home).data
    opens = (
        f"import duckdb, time; c = duckdb.connect(); c.execute(\"ATTACH '{home}/warehouse/{LIVE}' "
        f"AS a (ENCRYPTION_KEY '{key}', READ_ONLY)\"); print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", opens], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout and other.stdout.readline() == "open\n"
            with pytest.raises(StoreError, match="is open in another program"), open_store(home):
                pass
        finally:
            other.kill()


def test_a_half_made_file_of_a_killed_first_run_is_replaced(home: Path) -> None:
    """A kill during the very first start must not need a repair."""
    (home / "warehouse").mkdir()
    (home / "warehouse" / f"{LIVE}.new").write_bytes(b"half")
    with open_store(home) as store:
        assert rows(store, "FROM items") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(home: Path) -> None:
    """Wrong owner, a common mistake with cron."""
    home.chmod(0o500)
    with pytest.raises(StoreError, match="check who owns"), open_store(home):
        pass


def test_the_history_is_plain_duckdb_without_keys_and_indexes(home: Path) -> None:
    """Keys and indexes have bricked files after crashes, and any DuckDB client must be able to read the tables."""
    with open_store(home):
        pass
    with opened(home / "warehouse" / LIVE, keys_for_writing(home).data) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_indexes()").fetchone() == (0,)
        assert connection.execute(
            "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type <> 'NOT NULL'"
        ).fetchone() == (0,)
