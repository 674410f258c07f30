"""A scan killed at every step that writes, and at any moment: the next one ends with what a quiet night would have left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest

from tests.conftest import acto_environment, opened
from tests.flows.channel import KEY, sandbox_of_today, short_sandbox_of_today, watch
from tests.flows.mailbox import Mailbox
from tests.kill_points import POINTS
from tests.sampling import IN_FULL
from tests.warm import WarmProcess
from warehouse.keys import reader_keys

SEEDS = (1, 2, 3) if IN_FULL else (1,)
SAMPLE = (
    "after warehouse.landing:land INSERT INTO store.landed",
    "before warehouse.judged:ToJudge.keep COMMIT",
    "after warehouse.runs:end_run COMMIT",
    "before warehouse.outbox:record_delivery COMMIT",
    "after warehouse.snapshot:publish COMMIT",
)
RANDOM_KILLS = 300 if IN_FULL else 1
HISTORY = {
    "items": "SELECT item_id, kind, parent_id, text, state, revision FROM items ORDER BY ALL",
    "revisions": "SELECT item_id, revision, text, content_hash FROM revisions ORDER BY ALL",
    "media": "SELECT item_id, revision, position, url FROM media ORDER BY ALL",
    "flags": "SELECT flag_id, item_id, revision, check_id, evidence, status FROM flags ORDER BY ALL",
    "told flags": "SELECT flag_id FROM store.reported ORDER BY ALL",
    "quarantine": "SELECT quarantine_id, reason FROM quarantine ORDER BY ALL",
    "seen": "SELECT DISTINCT item_key, source FROM store.sighting ORDER BY ALL",
    "numbers without a gap": "SELECT max(revision_id) - count(*) FROM store.revision",
}


@dataclass
class Nights:
    """A channel after its first night, and what its second should leave."""

    warm: WarmProcess
    folder: Path
    mail: Mailbox
    key: str
    expected: dict[str, list[tuple[object, ...]]]
    counts: dict[str, int]
    seconds: float

    def scan(self, home: Path, *, kill_after: float | None = None, **more: str) -> int:
        """A scan; its exit code, or minus the signal that ended it."""
        environment = acto_environment(home, **{KEY: self.key}, **more)
        output, errors = self.folder / "out", self.folder / "err"
        child = self.warm.start(["scan"], environment, self.folder, output, errors, prepare="tests.kill_points:arm")
        timer = Timer(kill_after, os.killpg, (child, signal.SIGKILL)) if kill_after else None
        if timer:
            timer.start()
        code = self.warm.wait()
        if timer:
            timer.cancel()
        assert code in (0, -signal.SIGKILL), errors.read_text()
        return code

    def check_after_kill(self, what: str, *, kill_after: float | None = None, **more: str) -> bool:
        """Kill the second night, scan again, compare; whether the kill came before the end."""
        home = self.folder / "killed"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.folder / "home", home)
        del self.mail.messages[:]
        killed = self.scan(home, kill_after=kill_after, **more) == -signal.SIGKILL
        assert self.scan(home) == 0
        found = history(home)
        for name, rows in self.expected.items():
            assert found[name] == rows, f"{name} differ after a kill {what}"
        sent = ask(home, "SELECT report_id FROM reports WHERE status = 'sent'")
        assert ask(home, "SELECT count(*) FROM reports") == [(len(sent),)]
        mails = Counter(one["Message-ID"] for one in self.mail.messages if not one["X-ACTO-Possible-Repeat"])
        repeats = {one["Message-ID"] for one in self.mail.messages if one["X-ACTO-Possible-Repeat"]}
        assert all(number == 1 for number in mails.values()), f"a report was sent twice after a kill {what}"
        # The first night's was sent before.
        assert len(mails.keys() | repeats) == len(sent) - 1, f"a report was lost after a kill {what}"
        return killed


def history(home: Path) -> dict[str, list[tuple[object, ...]]]:
    return {name: ask(home, sql) for name, sql in HISTORY.items()}


def ask(home: Path, sql: str) -> list[tuple[object, ...]]:
    with opened(home / "history.duckdb", reader_keys(home)[0]) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def nights(warm: WarmProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("nights")
    with (sandbox_of_today if IN_FULL else short_sandbox_of_today)() as sandbox, Mailbox() as mail:
        made = Nights(warm, folder, mail, sandbox.key, {}, {}, 0.0)
        home = watch(folder / "home", sandbox, smtp_port=mail.port)
        sandbox.rewind(nights=1)
        assert made.scan(home) == 0
        sandbox.rewind(nights=0)
        quiet = folder / "quiet"
        shutil.copytree(home, quiet)
        started = time.monotonic()
        assert made.scan(quiet, ACTO_TEST_COUNTS=str(folder / "counts.json")) == 0
        made.seconds = time.monotonic() - started
        made.expected = history(quiet)
        made.counts = json.loads((folder / "counts.json").read_text())
        yield made


def test_the_second_night_comes_to_every_point(nights: Nights) -> None:
    """A point that a night never comes to is a kill that never happens."""
    assert [point for point in POINTS if not nights.counts.get(point)] == []
    assert len(POINTS) >= 40 and set(SAMPLE) <= set(POINTS)
    first = len(ask(nights.folder / "home", "FROM revisions"))
    assert len(nights.expected["revisions"]) > first and len(nights.expected["flags"]) > 5


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("point", POINTS if IN_FULL else SAMPLE)
def test_a_kill_at_a_named_point_loses_nothing_and_doubles_nothing(point: str, seed: int, nights: Nights) -> None:
    """Whatever a night was doing when the power went, the next one must end with the same history and one mail a report."""
    nth = random.Random(f"{point} {seed}").randint(1, nights.counts[point])
    assert nights.check_after_kill(f"{point}, {nth}", ACTO_TEST_POINT=point, ACTO_TEST_NTH=str(nth)), (
        "it was not killed"
    )


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_kills_at_any_moment_lose_nothing_and_double_nothing(nights: Nights) -> None:
    """Where no point is named, too."""
    moments = random.Random(20261126)
    killed = 0
    for _ in range(RANDOM_KILLS):
        after = moments.uniform(0.05, 1.0) * nights.seconds
        killed += nights.check_after_kill(f"after {after:.2f} s", kill_after=after)
    assert killed >= RANDOM_KILLS // 2
