"""A scan may be killed at any moment: nothing may be lost, nothing doubled, and each run sends one mail."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from flows.exits import INTERRUPTED, STOPPED
from flows.log_file import FILE
from tests.conftest import acto_environment
from tests.flows.channel import KEY, sandbox_of_today, watch
from tests.flows.mailbox import Mailbox
from tests.sampling import IN_FULL
from tests.waiting import until
from warehouse.query import run_query

ACTO = str(Path(sys.executable).parent / "acto")

HISTORY = {
    "items": "SELECT item_id, kind, parent_id, text, state, revision FROM items ORDER BY ALL",
    "revisions": "SELECT item_id, revision, text FROM revisions ORDER BY ALL",
    "flags": "SELECT item_id, revision, check_id, evidence FROM flags ORDER BY ALL",
    "reported flags": "SELECT item_id, check_id, flags.revision FROM store.reported JOIN flags USING (flag_id) ORDER BY ALL",
}


def scan(home: Path, server: str, key: str, *, kill_after: float | None = None) -> float:
    """Run `acto scan` to its end, or kill it with everything it started after so many seconds; gives the seconds run."""
    environment = acto_environment(home, PREFECT_API_URL=server, **{KEY: key})
    started = time.monotonic()
    with subprocess.Popen(
        [ACTO, "scan"], env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            _, errors = process.communicate(timeout=kill_after or 120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            assert kill_after, "a scan took more than two minutes"
            return time.monotonic() - started
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - started


def history(home: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: run_query(home / "history.duckdb", sql).rows for name, sql in HISTORY.items()}


@pytest.mark.slow
@pytest.mark.skipif(not IN_FULL, reason="takes minutes; test_kill_points.py has a sample (ACTO_SLOW=1)")
@pytest.mark.timeout(900)
def test_killed_scans_lose_nothing_and_double_nothing(tmp_path: Path, prefect_server: str) -> None:
    """Nights that are each killed at a random moment and then scanned again, against as many quiet nights."""
    nights = 20
    moments = random.Random(20261123)
    with sandbox_of_today() as sandbox, Mailbox() as quiet_mail, Mailbox() as mail:
        quiet = watch(tmp_path / "quiet", sandbox, smtp_port=quiet_mail.port)
        killed = watch(tmp_path / "killed", sandbox, smtp_port=mail.port)
        for nights_ago in reversed(range(nights)):
            sandbox.rewind(nights=nights_ago)
            seconds = scan(quiet, prefect_server, sandbox.key)
            scan(killed, prefect_server, sandbox.key, kill_after=seconds * moments.uniform(0.3, 1.0))
            scan(killed, prefect_server, sandbox.key)
        expected, found = history(quiet), history(killed)
    assert len(expected["items"]) > 100 and len(expected["flags"]) > 5
    for name in expected:
        assert found[name] == expected[name], f"{name} differ after kills"
    runs_with_report = run_query(killed / "history.duckdb", "SELECT run_id FROM reports WHERE status = 'sent'").rows
    mails = Counter(message["Message-ID"] for message in mail.messages if not message["X-ACTO-Possible-Repeat"])
    assert len(mails) == len(runs_with_report) >= nights
    assert set(mails.values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_scan_that_is_asked_to_end_does_at_once_also_without_its_server(home: Path, number: int) -> None:
    """`timeout acto scan` and Ctrl-C ask the scan and Prefect’s server in one: it must not wait for that one."""
    lease = home / "warehouse" / "lease"
    with sandbox_of_today() as sandbox:
        sandbox.latency = 60
        watch(home, sandbox)
        environment = acto_environment(home, **{KEY: sandbox.key})
        with subprocess.Popen(
            [ACTO, "scan"], env=environment, start_new_session=True, stderr=subprocess.PIPE
        ) as process:
            try:
                until(lambda: lease.exists() and '"run_id": "2' in lease.read_text())
                asked = time.monotonic()
                os.killpg(process.pid, number)
                os.killpg(process.pid, number)
                _, errors = process.communicate(timeout=60)
                took = time.monotonic() - asked
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == INTERRUPTED and took < 20
    assert errors.decode().splitlines()[-1] == STOPPED and "Error" not in errors.decode()
    last = json.loads((home / FILE).read_text(encoding="utf-8").splitlines()[-1])
    assert (last["says"], "faults" in last) == ("stopped", False)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.slow
def test_the_page_of_prefect_does_not_show_a_stopped_scan_for_ever(home: Path, prefect_server: str) -> None:
    """A server that goes on would show it as under way until somebody looks."""
    lease = home / "warehouse" / "lease"
    with sandbox_of_today() as sandbox:
        sandbox.latency = 60
        watch(home, sandbox)
        environment = acto_environment(home, PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
        before = datetime.now(UTC)
        with subprocess.Popen([ACTO, "scan"], env=environment, stderr=subprocess.DEVNULL) as process:
            until(lambda: lease.exists() and '"run_id": "2' in lease.read_text())
            process.terminate()
            assert process.wait(60) == INTERRUPTED
    [state] = [
        run["state"]
        for run in httpx.post(f"{prefect_server}/flow_runs/filter", json={"sort": "START_TIME_DESC"}).json()
        if run["start_time"] and datetime.fromisoformat(run["start_time"]) >= before
    ]
    assert (state["type"], state["message"]) == ("CRASHED", STOPPED)


GONE = "r, w = os.pipe(); os.dup2(w, 2); os.close(w); os.close(r)"


@pytest.mark.parametrize("before", ["", GONE], ids=["", "nobody reads what is said"])
@pytest.mark.parametrize("inside", ["hear_again()", "asked = asked_to_end(); asked.__enter__()"])
def test_what_is_held_is_put_down_before_the_process_ends(inside: str, before: str) -> None:
    """Prefect hears SIGTERM in place of us while a flow runs, and what works in short steps ends its step first, and then
    whatever is still to be done.
    """
    program = f"""
import os, signal
from flows.ending import asked_to_end, end_if_asked, ended_at_once, hear_again
with ended_at_once(lambda: os.write(kept, b"outer ")), ended_at_once(lambda: os.write(kept, b"inner ")):
    kept = os.dup(1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    {inside}
    {before}
    end_if_asked()
    os.kill(os.getpid(), signal.SIGTERM)
    os.write(kept, b"the step ends, ")
    asked.__exit__(None, None, None)
    os.write(kept, b"all the rest, ")
    end_if_asked()
os.write(kept, b"never")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    step = "the step ends, all the rest, " if "asked_to_end" in inside else ""
    said = "" if before else f"{STOPPED}\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (INTERRUPTED, f"{step}inner outer ", said)


def test_a_second_request_ends_what_is_held_at_once() -> None:
    """Somebody who presses Ctrl-C twice does not wait for the rest either."""
    program = """
import os, signal
from flows.ending import asked_to_end, ended_at_once
with ended_at_once(lambda: os.write(kept, b"put down")):
    kept = os.dup(1)
    with asked_to_end():
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    os.write(kept, b"never")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (INTERRUPTED, "put down", f"{STOPPED}\n")


@pytest.mark.slow
@pytest.mark.parametrize("own_server", [True, False])
def test_what_follows_the_judging_of_older_items_is_done_though_that_was_ended(
    home: Path, prefect_server: str, own_server: bool
) -> None:
    """Ctrl-C is to end the judging alone: the backup after an erasure, the export and the watchdog are owed all the same."""
    (home / "acto.toml").write_text("[backup]\nweekly_export = true\n", encoding="utf-8")
    program = """
import os, signal, sys
from flows.config import default_home
from flows.prefect_settings import set_up_prefect
set_up_prefect(default_home(), quiet=True)
import flows.scan
from flows.command_line import main
from flows.ending import asked_to_end
from flows.recheck import Rechecked
from flows.report_facts import Older
def ended(*_):
    with asked_to_end():
        os.kill(os.getpid(), signal.SIGINT)
    return Rechecked()
flows.scan.older_left, flows.scan.judge_older = (lambda *_: Older(1, 1)), ended
sys.argv = ["acto", "scan"]
sys.exit(main())
"""
    environment = acto_environment(home, **({} if own_server else {"PREFECT_API_URL": prefect_server}))
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=100
    )
    says = [json.loads(line)["says"] for line in (home / FILE).read_text(encoding="utf-8").splitlines()]
    assert says[-2].startswith("The scan is complete"), ended.stderr
    assert says[-1] == ("stopped" if own_server else "ended")
    assert len(list((home / "exports").iterdir())) == 1
    # A server of its own was asked to end with it, and nobody could wait for that one.
    assert ended.returncode == (INTERRUPTED if own_server else 0), ended.stderr
    assert (STOPPED in ended.stderr) == own_server and ("is complete" in ended.stdout) != own_server
