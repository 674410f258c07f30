"""The lease: who has it is known, work that can wait makes room, and a holder that hangs is ended, but nobody else is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.warehouse.conftest import NOW, rows
from warehouse import lease
from warehouse.lease import Holder
from warehouse.runs import start_run
from warehouse.store import open_store

# Takes the lease in a process group of its own, begins a run, and then lets its heart beat until it is told to stop.
CHILD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from warehouse import lease
from warehouse.runs import start_run
from warehouse.store import open_store
lease.BEAT = 0.0
with open_store(Path(sys.argv[1]), what="nightly scan", job="everything") as store:
    print(start_run(store, "scan", datetime.now(UTC)), flush=True)
    while sys.argv[2] == "alive" or sys.argv[2] == "gives way" and not store.lease.somebody_waits():
        store.lease.beat()
        time.sleep(0.05)
    time.sleep(60 if sys.argv[2] == "hangs" else 0)
"""


@contextmanager
def holder(home: Path, how: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that has the lease; with the id of its run."""
    command = [sys.executable, "-c", CHILD, str(home), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_work_that_can_wait_makes_room(home: Path) -> None:
    """`acto decide` must not wait for an hour until old comments have been judged again."""
    with holder(home, "gives way") as (other, _), open_store(home) as store:
        other.wait(20)
        assert not store.lease.somebody_waits(), "nobody else waits any more"


def test_whoever_waited_knows_which_run_it_was_and_what_it_did(home: Path) -> None:
    """A second scan shows what the first one found instead of reading everything again."""
    with holder(home, "gives way") as (other, run_id), open_store(home) as store:
        seen = [(one.what, one.job, one.run_id, one.pid) for one in store.lease.waited_for]
        assert seen == [("nightly scan", "everything", run_id, other.pid)]
        assert rows(store, f"SELECT kind FROM runs WHERE run_id = '{run_id}'") == [("scan",)]


def test_whoever_had_not_to_wait_has_waited_for_nobody(home: Path) -> None:
    """What the last run left in the file must not be taken for somebody who is there."""
    for _ in range(2):
        with open_store(home, what="import") as store:
            assert store.lease.waited_for == ()
            start_run(store, "import", NOW)


def test_a_holder_that_hangs_is_ended_and_what_it_had_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan that hangs at 02:31 must not cost the Chair every night that follows."""
    said: list[tuple[str, bool]] = []
    with holder(home, "hangs") as (other, run_id):
        monkeypatch.setattr(lease, "PATIENCE", 0.4)
        with open_store(home, on_wait=lambda who: said.append((who.what, who.hangs))) as store:
            assert other.wait(20) == -signal.SIGTERM
            assert rows(store, "SELECT run_id, outcome FROM runs") == [(run_id, "failed")]
    assert said[-1] == ("nightly scan", True)


def test_a_holder_that_will_not_end_is_made_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped with Ctrl-Z and forgotten: such a process does not hear that it should end."""
    with holder(home, "alive") as (other, _):
        other.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(lease, "PATIENCE", 0.4)
        monkeypatch.setattr(lease, "GRACE", 0.3)
        with open_store(home):
            assert other.wait(20) == -signal.SIGKILL


def test_a_holder_whose_heart_beats_is_left_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long first night must not be ended by somebody who is impatient."""
    monkeypatch.setattr(lease, "PATIENCE", 0.4)
    with holder(home, "alive") as (other, _):
        with (
            pytest.raises(lease.LeaseError),
            lease.take_lease(home / "warehouse", what="scan", job="", wait_seconds=1.0, on_wait=None),
        ):
            pass
        assert other.poll() is None


def test_nobody_is_ended_who_only_has_the_same_number(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Process numbers come round again: something else of the user's must not die for it."""
    monkeypatch.setattr(lease, "PATIENCE", 0.4)
    with holder(home, "hangs") as (other, _):
        file = home / "warehouse" / "lease"
        told = json.loads(file.read_text())
        file.write_text(json.dumps({**told, "started": "1"}).ljust(lease.LENGTH))
        said: list[Holder] = []
        with (
            pytest.raises(lease.LeaseError),
            lease.take_lease(home / "warehouse", what="scan", job="", wait_seconds=1.0, on_wait=said.append),
        ):
            pass
        assert other.poll() is None
        assert said[-1].hangs and not said[-1].is_ours


def test_a_clock_that_is_set_and_a_laptop_that_slept_hang_nobody() -> None:
    """The heartbeat counts the machine's own running time; the date is for people only."""
    alive = Holder("scan", pid=os.getppid(), since=datetime(1970, 1, 1, tzinfo=UTC), beat=time.monotonic())
    assert not alive.hangs
    assert replace(alive, beat=time.monotonic() - lease.PATIENCE - 1).hangs
