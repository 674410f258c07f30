"""The log for whoever runs this: there when it is needed, bounded, and without anybody's words."""

from __future__ import annotations

import json
import logging
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import log_file
from flows.faults import Fault, without_words
from flows.log_file import FILE, logged, name_run
from flows.progress import logger, working
from tests.conftest import Acto
from tests.flows.channel import KEY, sandbox_of_today, watch
from warehouse.query import run_query

CANARY = "canary words of a client"


def lines(home: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (home / FILE).read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_a_scan_leaves_what_was_done_and_nothing_of_what_was_read(acto: Acto, home: Path, prefect_server: str) -> None:
    """Whoever is called in the morning reads the log first, and may not be allowed to read comments."""
    with sandbox_of_today() as sandbox:
        watch(home, sandbox)
        done = acto("scan", PREFECT_API_URL=prefect_server, **{KEY: sandbox.key})
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stderr and "━" not in done.stderr, "a bar was drawn where nobody looks"
    assert "channel: " in done.stderr and " items read" in done.stderr
    told = lines(home)
    history = home / "history.duckdb"
    [(run_id,)] = run_query(history, "SELECT run_id FROM runs").rows
    assert (told[0]["says"], told[-1]["says"], told[-1]["run"]) == ("begun", "ended", run_id)
    assert all(str(line["at"]).endswith("Z") and line["command"] == "scan" for line in told)
    assert any(str(line["says"]).startswith("channel: complete, ") for line in told)
    assert (home / FILE).stat().st_mode & 0o077 == 0
    written = (home / FILE).read_text(encoding="utf-8")
    words = run_query(history, "SELECT text, author_name, author_handle FROM items").rows
    assert len(words) > 100 and sandbox.key not in written
    assert [word for row in words for word in row if word and len(str(word)) > 5 and str(word) in written] == []


def test_an_error_is_logged_without_its_words(tmp_path: Path) -> None:
    """An error repeats what it stumbled over: a comment would lie readable in the log, and in Prefect's database."""
    heard: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: heard.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    logger.addHandler(listener)
    try:
        with pytest.raises(Fault) as fault, logged(tmp_path, "scan"), without_words():
            int(CANARY)
    finally:
        logger.removeHandler(listener)
    assert str(fault.value) == "ValueError"
    written = (tmp_path / FILE).read_text(encoding="utf-8")
    assert CANARY not in written + "".join(heard)
    assert "ValueError at test_log_file.py" in written and "ValueError at test_log_file.py" in heard[0]


def test_the_log_is_bounded_in_size_and_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that grows for years fills the disk, and then the nights fail."""
    monkeypatch.setattr(log_file, "LARGEST", 2_000)
    with logged(tmp_path, "scan"):
        for _ in range(300):
            logger.info("x" * 100)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 10 and all(file.stat().st_size < 3_000 and file.stat().st_mode & 0o077 == 0 for file in files)
    long_ago = time.time() - timedelta(days=200).total_seconds()
    os.utime(files[-1], (long_ago, long_ago))
    day = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    (tmp_path / FILE).write_text(json.dumps({"at": day, "says": "old"}) + "\n", encoding="utf-8")
    with logged(tmp_path, "scan"):
        name_run("run-1")
    assert [line["says"] for line in lines(tmp_path)] == ["begun", "ended"], "a new month is a new file"
    assert lines(tmp_path)[-1]["run"] == "run-1"
    newest = (tmp_path / f"{FILE}.1").read_text(encoding="utf-8")
    assert '"old"' in newest and all(file.stat().st_mtime > long_ago + 1 for file in (tmp_path / "logs").iterdir())


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """On a full disk the report still has to go out."""
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    with logged(tmp_path, "scan"):
        logger.info("goes on")
    assert "Traceback" not in capfd.readouterr().err


def test_a_fault_in_any_step_of_a_scan_reaches_prefect_without_its_words(
    home: Path, prefect_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps between reading and judging handle names and texts too, and what a database says of a fault repeats them."""
    from flows import scan

    (home / "acto.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(scan, "replace_handles", lambda *_: int(CANARY))
    with temporary_settings({PREFECT_API_URL: prefect_server}):
        state = scan.scan(home=home, email=False, return_state=True)
        assert "ValueError" in str(state.message) and CANARY not in repr(state)
        with get_client(sync_client=True) as client:
            kept = client.read_flow_run(state.state_details.flow_run_id)
        assert kept.state and CANARY not in kept.state.model_dump_json()


@pytest.mark.parametrize("first", ["{}", "[]", '{"at": 5}', '{"at": "2026-01-01T00:00:00"}', "noted by hand", ""])
def test_a_line_of_somebody_else_stops_nothing(first: str, tmp_path: Path) -> None:
    """Whoever writes a note into the log must not cost ACTO its nights."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "acto.log").write_text(f"{first}\n", encoding="utf-8")
    with logged(tmp_path, "scan"):
        logger.info("goes on")
    assert '"says":"goes on"' in (tmp_path / "logs" / "acto.log").read_text(encoding="utf-8")


def test_how_far_something_is_is_not_kept(tmp_path: Path) -> None:
    """A line for each page of a long history would push out what matters."""
    with logged(tmp_path, "scan"), working("channel") as work:
        work.at(1, "1 item read")
    assert [line["says"] for line in lines(tmp_path)] == ["begun", "ended"]
