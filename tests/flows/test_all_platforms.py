"""Every platform in one night, as the nightly job does it: all read, changes told, and no secret left anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from connectors.sandbox import ROSTER, Answer, Sandbox
from connectors.sandbox.presences import KEYS, as_environment, as_toml
from tests.conftest import Acto
from tests.flows.channel import sandbox_of_today
from tests.flows.mailbox import Mailbox
from warehouse.query import run_query

PATHS = {
    "facebook": r"^/v\d+\.\d+/(?!\d*1042|me\?fields=user_id)",
    "instagram": r"^/(v\d+\.\d+/)?(\d*1042|me\?fields=user_id)",
    "x": "^/2/",
    "linkedin": "^/rest/",
    "youtube": "^/youtube/v3/",
    "google": "^/v4/",
    "trustpilot": "^/v1/business-units",
    "yelp": "^/v3/businesses",
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with sandbox_of_today() as opened:
        yield opened


def watch_all(home: Path, sandbox: Sandbox, mail: Mailbox) -> None:
    """Write acto.toml with every platform and the roster."""
    shutil.copy(ROSTER, home / "roster.csv")
    smtp = f'[smtp]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\n'
    head = f'[people]\nroster = "roster.csv"\n[rereading]\ndaily_for = 60\n{smtp}'
    (home / "acto.toml").write_text(head + as_toml(sandbox.base_url), encoding="utf-8")


def ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    return run_query(home / "history.duckdb", sql).rows


def test_the_demo_reads_two_nights_on_every_platform(acto_afresh: Acto, home: Path) -> None:
    """The whole promise, to be seen without an account or a server: each presence is read to its end, and what is new, edited
    and gone the next night is told.
    """
    shown = acto_afresh("demo", timeout=280)
    assert shown.returncode == 0, shown.stderr
    assert "What to try next" in shown.stdout and "acto_demo" not in shown.stderr and "Traceback" not in shown.stderr
    demo = home / "demo"
    assert len(list((demo / "outbox").glob("*.html"))) == 2
    assert ask(demo, "SELECT kind, outcome FROM runs") == [("scan", "complete")] * 2
    second = "FROM coverage WHERE run_id = (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)"
    assert dict(ask(demo, f"SELECT source, outcome {second}")) == dict.fromkeys(KEYS, "complete")
    new = {name for (name,) in ask(demo, f"SELECT source {second} AND items_new > 0")}
    assert new >= set(KEYS) - {"yelp"}
    assert ask(demo, f"SELECT sum(items_edited) >= 6 {second}") == [(True,)]
    gone = {name for (name,) in ask(demo, f"SELECT source {second} AND items_gone > 0")}
    assert gone >= {"facebook", "instagram", "x", "linkedin", "youtube", "google"}
    present = ask(demo, "SELECT DISTINCT platform FROM items WHERE state = 'present'")
    assert {platform for (platform,) in present} == set(KEYS)
    assert ask(demo, "SELECT count(*) FROM items WHERE platform = 'linkedin' AND author_name IS NOT NULL") == [(0,)]
    assert ask(
        demo, "SELECT count(*) FROM flags JOIN items USING (item_id) WHERE platform = 'x' AND clause = 'S1'"
    ) == [(0,)]
    assert ask(demo, "SELECT count(DISTINCT split_part(item_id, ':', 1)) > 4 FROM flags") == [(True,)]


@pytest.mark.slow
def test_no_secret_outlives_a_night_of_every_fault(
    acto: Acto, home: Path, tmp_path: Path, sandbox: Sandbox, prefect_server: str, prefect_folder: Path
) -> None:
    """A token in a log, a mail, the history or Prefect's database is a token that somebody else has."""
    secrets = {platform: f"canary-{platform}-b7Q2xT9mVw4k" for platform in PATHS}
    sandbox.secrets = secrets
    for platform, path in PATHS.items():
        words = f"{secrets[platform]} ?access_token={secrets[platform]}"
        echo = {"error": {"message": words, "code": 190, "status": "X"}, "message": words}
        # Some platforms are read in one call.
        well = 0 if platform in {"google", "trustpilot", "yelp"} else 1
        sandbox.fault(path, Answer(500, echo), after=well)
        sandbox.fault(path, cut=True, after=well)
        sandbox.fault(path, Answer(403, echo, {"X-Echo": secrets[platform]}), times=None, after=well)
        sandbox.fault(path, Answer(200, f"<html>{secrets[platform]}</html>"), times=None)
    # Prefect's own server of this scan begins with records that are made already: to make them takes it a third of a minute.
    (tmp_path / "prefect").mkdir()
    with (
        closing(connect(prefect_folder / "prefect.db")) as made,
        closing(connect(tmp_path / "prefect" / "prefect.db")) as own,
    ):
        made.backup(own)
    with Mailbox() as mail:
        watch_all(home, sandbox, mail)
        done = acto(
            "scan",
            timeout=240,
            PREFECT_LOGGING_LEVEL="DEBUG",
            PREFECT_HOME=str(tmp_path / "prefect"),
            PREFECT_LOGGING_TO_API_ENABLED="true",
            **as_environment(secrets),
        )
    assert done.returncode == 3, done.stdout + done.stderr
    unread = ask(home, "SELECT source FROM coverage WHERE outcome IN ('partial', 'unread')")
    assert {name for (name,) in unread} == set(PATHS), "each platform's fault was met"
    assert ask(home, "SELECT DISTINCT state FROM items WHERE state NOT IN ('present', 'unknown')") == []
    mails = b"".join(message.as_bytes() for message in mail.messages)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.name.startswith("prefect.db") for path in files), "Prefect's own records are looked at too"
    for secret in secrets.values():
        assert secret not in done.stdout + done.stderr
        assert secret.encode() not in mails
        assert [path for path, content in files.items() if secret.encode() in content] == []
