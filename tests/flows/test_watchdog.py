"""The watchdog outside: told of each night in numbers alone, by a real server on this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from flows.config import ConfigError
from flows.outbox import Delivered
from flows.scan_result import ScanResult
from flows.watchdog import in_numbers, ping, ping_address, somebody_hears_of
from tests.conftest import Acto
from tests.flows.channel import PAPERS
from tests.flows.mail_servers import free_port
from warehouse.runs import Coverage

CANARY = "canary-4711-of-the-check"
NIGHT = PAPERS + '[watchdog]\npings = true\n[sources.page]\nplatform = "facebook"\npage_id = "1"\n'


class Watchdog(ThreadingHTTPServer):
    """Takes down what it is told; answers with each of `answers` in turn, and then with 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, str]] = []
        self.answers: list[int] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{CANARY}"


class _Handler(BaseHTTPRequestHandler):
    server: Watchdog

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append((self.path, body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"/{CANARY}/moved")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    with Watchdog() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.slow
def test_a_night_is_told_and_its_address_stays_secret(
    acto: Acto, home: Path, prefect_server: str, watchdog: Watchdog
) -> None:
    """Without the start a hanging night is noticed late, without the end a good one is an alarm; and whoever reads the address in
    a log could keep the alarm quiet.
    """
    (home / "acto.toml").write_text(NIGHT.split("[sources")[0], encoding="utf-8")
    environment = {"PREFECT_API_URL": prefect_server, "ACTO_PING_URL": watchdog.address}
    done = acto("scan", **environment)
    assert done.returncode == 0, done.stderr
    assert [path for path, _ in watchdog.told] == [f"/{CANARY}/start", f"/{CANARY}"]
    numbers = dict(line.split(": ") for line in watchdog.told[1][1].splitlines())
    assert numbers["exit_code"] == "0" and numbers["mails_sent"] == "1" and all(map(str.isdigit, numbers.values()))
    watchdog.told.clear()
    trial = acto("scan", "--dry-run", **environment)
    assert (trial.returncode, watchdog.told) == (0, []), "a trial was told as a night that went well"
    # Nothing at all was read, so somebody must look; and the watchdog has faults of its own until the fourth try.
    (home / "acto.toml").write_text(NIGHT, encoding="utf-8")
    watchdog.answers = [500, 503, 500]
    unread = acto("scan", **environment)
    assert unread.returncode == 3, "what the watchdog answers must not change what a night comes to"
    assert "The watchdog could not be told that the scan has begun. It answered with HTTP 500" in unread.stderr
    assert [path for path, _ in watchdog.told] == [f"/{CANARY}/start"] * 3 + [f"/{CANARY}/fail"]
    assert "page" not in watchdog.told[-1][1] and "sources_unread: 1" in watchdog.told[-1][1]
    for run in (done, trial, unread):
        assert CANARY not in run.stdout + run.stderr
    holding = [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert holding == []


@pytest.mark.slow
def test_a_night_that_cannot_begin_is_logged_and_told(
    acto: Acto, acto_afresh: Acto, home: Path, prefect_server: str, watchdog: Watchdog, tmp_path: Path
) -> None:
    """Under cron or a timer nobody looks at a terminal: the night would have left no trace but in the journal."""
    watched = NIGHT.split("[sources")[0]
    (tmp_path / "broken" / "prefect").mkdir(parents=True)
    (tmp_path / "broken" / "prefect" / "__init__.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    elsewhere = {"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    failures: list[tuple[Acto, str, dict[str, str], int, str]] = [
        (acto, watched + '[people]\nroster = "gone.csv"\n', {}, 2, "There is no roster at"),
        (acto_afresh, watched, {"PYTHONPATH": str(tmp_path / "broken")}, 1, "No module named 'nowhere_to_be_found'"),
        (acto, watched, elsewhere, 1, "does not answer"),
    ]
    for run, config, environment, code, said in failures:
        (home / "acto.toml").write_text(config, encoding="utf-8")
        watchdog.told.clear()
        failed = run("scan", ACTO_PING_URL=watchdog.address, **environment)
        assert (failed.returncode, said in failed.stderr, "Traceback" in failed.stderr) == (code, True, False), (
            failed.stderr
        )
        assert [path for path, _ in watchdog.told] == [f"/{CANARY}/fail"]
        assert '"level":"error","command":"scan"' in _last_line(home) and '"says":"failed"' in _last_line(home)
    # A night that has begun is told once: what fails in it is no failure to begin.
    watchdog.told.clear()
    (home / "warehouse").mkdir()
    (home / "warehouse" / "live.duckdb").write_bytes(b"no history" * 1000)
    assert acto("scan", ACTO_PING_URL=watchdog.address, PREFECT_API_URL=prefect_server).returncode == 1
    assert [path for path, _ in watchdog.told] == [f"/{CANARY}/start", f"/{CANARY}/fail"]
    # Nobody can know then whether the watchdog is to be told.
    watchdog.told.clear()
    (home / "logs" / "acto.log").unlink()
    (home / "acto.toml").write_text(watched + "[report\n", encoding="utf-8")
    unreadable = acto("scan", ACTO_PING_URL=watchdog.address)
    assert (unreadable.returncode, watchdog.told) == (2, []) and "is not valid TOML" in unreadable.stderr
    assert '"says":"failed","faults":["ConfigError at config.py' in _last_line(home)


def _last_line(home: Path) -> str:
    return (home / "logs" / "acto.log").read_text(encoding="utf-8").splitlines()[-1]


def test_a_silent_watchdog_costs_no_more_than_its_tries() -> None:
    """A watchdog that takes the call and says nothing must not hold up the Chair's report."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = urlsplit(f"http://127.0.0.1:{silent.getsockname()[1]}/{CANARY}")
        begun = time.monotonic()
        said = ping(address, "", "", patience=0.2, pause=0.01)
        took = time.monotonic() - begun
    assert "did not answer within 0.2 seconds" in said and "tried 3 times" in said and CANARY not in said
    assert 0.6 <= took < 10


def test_what_will_not_pass_by_itself_is_not_tried_again(watchdog: Watchdog) -> None:
    """A mistyped address is said as such; and a redirect could take the numbers to somebody else."""
    for answer in (404, 302):
        watchdog.told.clear()
        watchdog.answers = [answer]
        said = ping(urlsplit(watchdog.address), "/start", "", pause=0)
        assert f"HTTP {answer}" in said and "ACTO_PING_URL" in said and CANARY not in said
        assert [path for path, _ in watchdog.told] == [f"/{CANARY}/start"]


@pytest.mark.parametrize(
    "given",
    [
        "http://hc.example.org/abc",
        "ftp://127.0.0.1/abc",
        "hc.example.org/abc",
        "https:///abc",
        "https://a:b/c",
        "https://u@a/c d",
        "",
    ],
)
def test_an_address_that_anybody_could_read_on_its_way_is_refused(given: str) -> None:
    """In clear text across the network it would be no secret; and the refusal must not show it."""
    with pytest.raises(ConfigError) as refused:
        ping_address({"ACTO_PING_URL": given})
    assert "ACTO_PING_URL" in str(refused.value) and (not given or given not in str(refused.value))


def test_the_address_can_lie_in_a_file(tmp_path: Path) -> None:
    """A systemd credential is a file."""
    (tmp_path / "url").write_text("https://hc.example.org/abc?create=0\n", encoding="utf-8")
    address = ping_address({"ACTO_PING_URL_FILE": str(tmp_path / "url")})
    assert (address.hostname, address.path, address.query) == ("hc.example.org", "/abc", "create=0")


def _night(*outcomes: str, outcome: str = "partial", delivered: Delivered | None = None) -> ScanResult:
    coverage = [Coverage("run", f"source{number}", "feed", each, "") for number, each in enumerate(outcomes)]
    return ScanResult("run", outcome, coverage, flags_new=1, delivered=delivered or Delivered(sent=1))


def test_the_alarm_is_for_nights_that_nobody_would_hear_of() -> None:
    """An alarm for every source that is missing is soon ignored; none for a report that never left is the silence itself."""
    assert somebody_hears_of(_night("complete", "unread")) and somebody_hears_of(_night("partial"))
    assert somebody_hears_of(_night()), "only imports are watched"
    assert not somebody_hears_of(_night("unread", "unread"))
    assert not somebody_hears_of(_night("complete", outcome="failed"))
    assert not somebody_hears_of(_night("complete", delivered=Delivered(sent=1, failed=1)))
    assert not somebody_hears_of(_night("complete", delivered=Delivered(waiting=1)))
    assert "source0" not in in_numbers(_night("unread"))


def test_the_doctor_says_whether_anybody_would_notice(acto: Acto, home: Path) -> None:
    """Whoever believes to be watched over, and is not, finds out on the day that it matters."""
    (home / "acto.toml").write_text(NIGHT, encoding="utf-8")
    assert "BROKEN  watchdog: ACTO_PING_URL is not set" in acto("doctor").stdout
    told = acto("doctor", ACTO_PING_URL=f"https://hc.example.org/{CANARY}").stdout
    assert "ok      watchdog" in told and CANARY not in told
    (home / "acto.toml").write_text("", encoding="utf-8")
    assert "warning watchdog: None" in acto("doctor").stdout
