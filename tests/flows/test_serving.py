"""Prefect as a user meets it: the deployments, a run started from its page, and what the page shows of a run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.serving import deployments, deployments_file
from tests.conftest import Acto, acto_environment
from tests.flows.channel import KEY, short_sandbox_of_today, watch
from tests.waiting import until
from warehouse.query import run_query


def test_the_night_runs_at_half_past_two_in_london_and_one_at_a_time() -> None:
    """Two scans at once would wait for each other; a night in UTC would move by an hour in summer."""
    nightly, ad_hoc = deployments(deployments_file())
    assert (nightly.name, ad_hoc.name) == ("nightly", "ad-hoc")
    [schedule] = nightly.schedules
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("30 2 * * *", "Europe/London")
    assert ad_hoc.schedules == []
    assert (nightly.parameters, ad_hoc.parameters) == ({"email": True}, {"email": False})
    assert nightly.concurrency_limit == ad_hoc.concurrency_limit == 1


def test_the_form_of_an_ad_hoc_scan_has_typed_fields() -> None:
    """Prefect makes the Chair's form of these: days as days, sources to choose from, each with a name and what it is for."""
    _, ad_hoc = deployments(deployments_file(), ["channel", "page"])
    fields = ad_hoc._parameter_openapi_schema.model_dump()["properties"]
    assert {name: about["title"] for name, about in fields.items()} == {
        "sources": "Sources", "since": "Since", "until": "Until", "email": "Send the report",
    }, "and no folder of the server"  # fmt: skip
    assert all(len(about["description"]) > 20 for about in fields.values())
    assert fields["sources"]["items"]["enum"] == ["channel", "page"] and fields["email"]["type"] == "boolean"
    assert all("'format': 'date'" in str(fields[name]) for name in ("since", "until"))


@contextmanager
def serving(home: Path, server: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`acto serve` beside the test; it looks each second for what to do, so that nobody waits ten."""
    environment = acto_environment(home, PREFECT_API_URL=server, PREFECT_RUNNER_POLL_FREQUENCY="1", **more)
    log = (folder / "serve.log").open("wb")
    command = [str(Path(sys.executable).parent / "acto"), "serve"]
    with subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.mark.slow
def test_a_scan_can_be_started_from_prefects_page_and_shows_there_what_it_read(
    home: Path, tmp_path: Path, prefect_server: str
) -> None:
    """The Chair's assistant starts a scan in the browser; the page shows numbers, never a comment."""

    def asked(path: str, body: dict[str, Any]) -> Any:
        # Prefect's server says 503 while its database is busy, and means: try again.
        def answered() -> httpx.Response | None:
            answer = httpx.post(f"{prefect_server}{path}", json=body, timeout=60)
            return None if answer.status_code == 503 else answer

        return until(answered).raise_for_status().json()

    def ad_hoc() -> str | None:
        named = [one["id"] for one in asked("/deployments/filter", {}) if one["name"] == "ad-hoc"]
        return named[0] if named else None

    with short_sandbox_of_today() as sandbox:
        watch(home, sandbox)
        with serving(home, prefect_server, tmp_path, **{KEY: sandbox.key}):
            deployment = until(ad_hoc)
            started = asked(f"/deployments/{deployment}/create_flow_run", {"parameters": {"sources": ["channel"]}})

            def ended() -> str | None:
                run = httpx.get(f"{prefect_server}/flow_runs/{started['id']}").json()
                return run["state"]["name"] if run["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED") else None

            assert until(ended) == "Completed", (tmp_path / "serve.log").read_text()
    artifacts = asked("/artifacts/latest/filter", {})
    shown = {one["key"]: one["data"] for one in artifacts if one["flow_run_id"] == started["id"]}
    assert shown.keys() == {"coverage", "flags", "progress"} and float(str(shown["progress"])) == 100
    assert '"source": "channel"' in shown["coverage"] and "complete" in shown["coverage"]
    history = home / "history.duckdb"
    for (evidence,) in run_query(history, "SELECT evidence FROM flags WHERE length(evidence) > 12").rows:
        assert evidence not in str(artifacts), "a comment has reached Prefect"
    assert run_query(history, "SELECT kind, outcome FROM runs").rows == [("scan", "complete")]
    tasks = asked("/task_runs/filter", {"flow_runs": {"id": {"any_": [started["id"]]}}})
    assert any("channel" in task["name"] for task in tasks), "each source is a task of its own"


def test_a_server_that_does_not_answer_is_a_sentence(acto: Acto, home: Path) -> None:
    """A nightly job whose Prefect server is down must say that, and not show the password in its address."""
    (home / "acto.toml").write_text("", encoding="utf-8")
    for command in ("scan", "serve"):
        done = acto(command, PREFECT_API_URL="http://user:canary-4711@127.0.0.1:9/api")
        assert done.returncode == 1
        assert "127.0.0.1:9 does not answer" in done.stderr and "unset PREFECT_API_URL" in done.stderr
        assert "Traceback" not in done.stderr and "canary" not in done.stderr + done.stdout


def test_serving_needs_a_configuration(acto: Acto) -> None:
    """Deployments of a monitor that watches nothing would fail every night."""
    done = acto("serve", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert (done.returncode, "acto.toml" in done.stderr) == (2, True)
