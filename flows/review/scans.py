"""Scans that the page starts: `acto scan` as a process of its own, which neither needs the page nor its browser to go on.

Under $ACTO_HOME/scan-now lie what was asked for, what the scan says and what it gave. The process holds a lock of the kernel's
there for as long as it lives, so that a page that is started anew finds it, and none starts a second one.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from flows.report_facts import Counted
from warehouse.files import private_folder

FOLDER = "scan-now"
# What the process says last, unless it was killed.
ENDED = "The scan has ended."
_COMMAND = [sys.executable, "-m", "flows.review.scan_process", "scan", "--json"]


class ScanUnderWay(Exception):
    """The page has started a scan that has not ended."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scan was asked for: names of sources (none: all), first and last day, whether its report is sent."""

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    email: bool = False

    @property
    def arguments(self) -> list[str]:
        """The same as options of `acto scan`."""
        given = [word for name in self.sources for word in ("--source", name)]
        for option, day in (("--since", self.since), ("--until", self.until)):
            given += [option, day.isoformat()] if day else []
        return given if self.email else [*given, "--no-email"]


@dataclass(frozen=True, slots=True)
class StartedScan:
    """The scan that the page started last: when (aware, UTC), by whom, and how it stands.

    `said` is what it told last. Once it has ended `result` is what it found (flows.scan_result.ScanResult.as_record), or,
    where it found nothing, `trouble` says why in a sentence.
    """

    asked: Asked
    at: datetime
    by: str
    pid: int
    running: bool
    said: str = ""
    result: dict[str, Any] | None = None
    trouble: str = ""

    @property
    def version(self) -> str:
        """What no other scan has."""
        return f"{self.at.isoformat()} {self.running}"

    @property
    def told(self) -> Counted | None:
        """What its report counts; None without one, or where a version of the program has left it that did not say so."""
        told = self.result and self.result.get("told")
        return Counted(**told) if told else None


def start_scan(home: Path, asked: Asked, by: str) -> None:
    """Start a scan under `home`. Raises ScanUnderWay while another one that was started here has not ended."""
    folder = home / FOLDER
    private_folder(folder)
    with _lock(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ScanUnderWay from None
        (folder / "asked.json").unlink(missing_ok=True)
        with _written(folder / "answer.json") as answer, _written(folder / "said.txt") as said:
            # A session of its own: Ctrl+C in the terminal of the page ends the page, not the scan.
            process = subprocess.Popen(  # noqa: S603
                [*_COMMAND, *asked.arguments],
                env=os.environ | {"ACTO_HOME": str(home)},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=said,
                pass_fds=[descriptor],
                start_new_session=True,
            )
        with _written(folder / "asked.json") as file:
            told = {"sources": asked.sources, "days": (asked.since, asked.until), "email": asked.email}
            os.write(file, orjson.dumps(told | {"at": datetime.now(UTC), "by": by, "pid": process.pid}))
    # It is this process's child until this process ends.
    threading.Thread(target=process.wait, name="scan", daemon=True).start()


def last_started(home: Path) -> StartedScan | None:
    """The scan that was started last on the page, by this process or an earlier one; None where there was none."""
    folder = home / FOLDER
    try:
        # Looked at first: what ends in between is shown as running once more, never as without a result.
        running = _runs(folder)
        told = orjson.loads((folder / "asked.json").read_bytes())
        since, until = (date.fromisoformat(day) if day else None for day in told["days"])
        started = StartedScan(
            Asked(tuple(told["sources"]), since, until, told["email"]),
            at=datetime.fromisoformat(told["at"]),
            by=told["by"],
            pid=told["pid"],
            running=running,
        )
        said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    *lines, last = ["", *(line for line in said.splitlines() if line.strip())]
    if running:
        return replace(started, said=last)
    with suppress(OSError, ValueError):
        return replace(started, result=orjson.loads((folder / "answer.json").read_bytes()))
    killed = "It was ended from outside. What it had read is kept: the next scan goes on from there."
    return replace(started, trouble=lines[-1] if last == ENDED and lines[-1] else killed)


def _runs(folder: Path) -> bool:
    with _lock(folder) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def _lock(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _written(path: Path) -> Iterator[int]:
    """The file, empty, for its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
