"""A scan may be killed at any moment: nothing may be lost, nothing doubled, and each run sends one mail."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import acto_environment
from tests.flows.channel import KEY, sandbox_of_today, watch
from tests.flows.mailbox import Mailbox
from tests.sampling import IN_FULL
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
