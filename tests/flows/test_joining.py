"""Two scans at once: the second shows what the first found, and reads for itself only what that one did not do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from flows.config import load_config
from flows.exits import INCOMPLETE
from flows.joining import job_of, jobs_that_do, result_of_another
from flows.scanning import show
from tests.conftest import Acto, acto_environment
from tests.flows.channel import KEY, sandbox_of_today, watch
from tests.flows.mailbox import Mailbox
from tests.flows.night import NOW
from tests.waiting import until
from warehouse.lease import Holder
from warehouse.outbox import FrozenMessage, FrozenReport, record_delivery
from warehouse.query import run_query
from warehouse.runs import end_run, start_run
from warehouse.store import Store


@contextmanager
def scan_under_way(home: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scan by a process of its own that has begun its run, and stands still until it is sent SIGCONT."""
    command = [str(Path(sys.executable).parent / "acto"), "scan"]
    lease = home / "warehouse" / "lease"
    with subprocess.Popen(command, env=acto_environment(home, **environment), start_new_session=True) as process:
        try:
            until(lambda: lease.exists() and '"run_id": "2' in lease.read_text())
            os.killpg(process.pid, signal.SIGSTOP)
            yield process
            process.wait(120)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_scan_during_the_same_scan_joins_it(acto: Acto, home: Path, tmp_path: Path, prefect_server: str) -> None:
    """The Chair's assistant starts a scan while the nightly one runs: no failure, no second report, no second reading."""
    with sandbox_of_today() as sandbox, Mailbox() as mail:
        watch(home, sandbox, smtp_port=mail.port)
        environment = {"PREFECT_API_URL": prefect_server, KEY: sandbox.key}
        with scan_under_way(home, **environment) as first:

            def go_on_once_it_is_waited_for() -> None:
                until(lambda: (tmp_path / "acto.err").exists() and "under way" in (tmp_path / "acto.err").read_text())
                os.killpg(first.pid, signal.SIGCONT)

            threading.Thread(target=go_on_once_it_is_waited_for, daemon=True).start()
            joined = acto("scan", "--json", **environment)
    assert joined.returncode == first.returncode == 0, joined.stderr
    assert f"The scan of process {first.pid} has been under way since" in joined.stderr
    assert "this one waits, and will show what it finds" in joined.stderr
    told = json.loads(joined.stdout)
    assert told["joined"] and told["flags_new"] > 5 and told["mails_sent"] == 1
    assert told["sources"][0]["items_new"] > 150
    assert run_query(home / "history.duckdb", "SELECT run_id FROM runs").rows == [(told["run_id"],)]
    assert len(mail.messages) == 1


def test_only_the_very_same_work_is_joined(store: Store) -> None:
    """A scan for a source that was added a minute ago must not be told that all has been read."""
    home = store.home
    (home / "acto.toml").write_text("", encoding="utf-8")
    config = load_config(home)
    sent, not_sent = job_of(config, email=True), job_of(config, email=False)
    assert jobs_that_do(config, email=True) == (sent,), "a report that was not sent does not do for one that is wanted"
    assert set(jobs_that_do(config, email=False)) == {sent, not_sent}
    (home / "acto.toml").write_text('[sources.page]\nplatform = "facebook"\npage_id = "1"\n', encoding="utf-8")
    assert job_of(load_config(home), email=True) != sent
    (home / "roster.csv").write_text("member_id\n", encoding="utf-8")
    (home / "acto.toml").write_text('[people]\nroster = "roster.csv"\n', encoding="utf-8")
    with_roster = job_of(load_config(home), email=True)
    (home / "roster.csv").write_text("member_id\nm1\n", encoding="utf-8")
    assert job_of(load_config(home), email=True) != with_roster


def test_a_scan_that_failed_or_was_killed_is_not_joined(store: Store) -> None:
    """What did not end well must be done, not shown."""
    well, failed, killed = (start_run(store, "scan", NOW) for _ in range(3))
    end_run(store, well, "partial", "", NOW)
    end_run(store, failed, "failed", "", NOW)
    holder = Holder("nightly scan", job="all", run_id=well, pid=1, started="1")
    found = result_of_another(store, [holder], ["all"], store.home)
    assert found and (found.run_id, found.outcome, found.joined) == (well, "partial", "nightly scan")
    assert result_of_another(store, [holder], ["other"], store.home) is None
    for run_id in (failed, killed, ""):
        assert result_of_another(store, [replace(holder, run_id=run_id)], ["all"], store.home) is None


def test_a_report_that_was_refused_is_said_by_whoever_joined_too(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exit code of 3 under a table where everything was read tells nobody what to mend."""
    run_id = start_run(store, "scan", NOW)
    messages = [FrozenMessage(f"{who}@example.org", f"<{who}>", b"") for who in ("chair", "deputy")]
    report = FrozenReport(f"report-{run_id}", run_id, NOW, "Subject", "", "", [], messages)
    end_run(store, run_id, "complete", "", NOW, report=report)
    refused = "The mail server refused the message: 550 No such user here."
    record_delivery(store, report.report_id, "chair@example.org", "failed", refused, NOW)
    record_delivery(store, report.report_id, "deputy@example.org", "sent", "250 OK", NOW)
    holder = Holder("nightly scan", job="all", run_id=run_id, pid=1, started="1")
    found = result_of_another(store, [holder], ["all"], store.home)
    assert found and found.exit_code == INCOMPLETE
    assert found.problems == [f"The report for chair@example.org could not be sent. {refused}"]
    show(found, store.home, kept=True, email=True)
    assert refused in " ".join(capsys.readouterr().out.split())
