"""What a scan under way is doing: names and numbers alone, in a small file that the review page reads while it runs.

The file is written by whoever holds the history, so it tells of a nightly scan as of any other. A lock of the kernel's beside
it says whether its writer still lives, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from concurrent.futures import Future

    from flows.reading import Reading
    from warehouse.runs import Coverage

FILE, LOCK = "progress.json", "progress.lock"
SECONDS_BETWEEN = 1.0


@dataclass(frozen=True, slots=True)
class SourceProgress:
    """One source so far; `state` is reading, read (its counts may still change), or the outcome of its coverage."""

    source: str
    platform: str
    state: str
    items_seen: int = 0
    items_new: int = 0
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """One scan so far: what it is ("nightly scan"), its process, when it began (aware, UTC), and its `step`: reading,
    checking, reporting or ending.
    """

    run_id: str
    what: str
    pid: int
    begun_at: datetime
    step: str
    sources: tuple[SourceProgress, ...] = ()

    @property
    def done(self) -> int:
        """How many of its sources need no more reading."""
        return sum(source.state != "reading" for source in self.sources)


class Telling:
    """Keeps the file up to date from `begin` on. `shown` is called in a thread of its own with each new state."""

    def __init__(self, folder: Path, what: str, shown: Callable[[Progress], None]) -> None:
        self._file, self._what, self._shown = folder / FILE, what, shown
        self._progress: Progress | None = None
        self._told: Progress | None = None
        self._readings: dict[str, tuple[Reading, Future[Any]]] = {}
        self._settled: dict[str, Coverage] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def begin(self, run_id: str) -> None:
        """The run has begun."""
        self._progress = Progress(run_id, self._what, os.getpid(), datetime.now(UTC), "reading")
        self._thread.start()

    def reads(self, reading: Reading, future: Future[Any]) -> None:
        """A source is being read until `future` is done; what it has counted so far is looked up from there."""
        self._readings = self._readings | {reading.source.name: (reading, future)}

    def settled(self, coverage: Coverage) -> None:
        """Nothing of this source changes any more."""
        self._settled = self._settled | {coverage.source: coverage}

    def step(self, step: str) -> None:
        """What is done now."""
        if self._progress:
            self._progress = replace(self._progress, step=step)

    def end(self) -> None:
        """Tell no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._file.unlink(missing_ok=True)

    def _run(self) -> None:
        while True:
            self._tell()
            if self._ended.wait(SECONDS_BETWEEN):
                self._tell()
                return

    def _tell(self) -> None:
        if self._progress is None:
            return
        now = replace(self._progress, sources=self._sources())
        if now == self._told:
            return
        self._told = now
        # A full disk, or a server that does not answer, costs what is shown, never the scan.
        with suppress(OSError):
            fresh = self._file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_bytes(orjson.dumps(asdict(now)))
            fresh.replace(self._file)
        self._shown(now)

    def _sources(self) -> tuple[SourceProgress, ...]:
        reading = {
            name: (one.coverage, "read" if future.done() else "reading")
            for name, (one, future) in self._readings.items()
        }
        settled = {name: (coverage, coverage.outcome) for name, coverage in self._settled.items()}
        return tuple(
            SourceProgress(name, one.platform, state, one.items_seen, one.items_new, one.expected)
            for name, (one, state) in (reading | settled).items()
        )


@contextmanager
def telling(home: Path, what: str, shown: Callable[[Progress], None] = lambda _: None) -> Iterator[Telling]:
    """Tell of the scan in the block what it is doing, once it has begun its run."""
    folder = home / "warehouse"
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        told = Telling(folder, what, shown)
        try:
            yield told
        finally:
            told.end()
    finally:
        os.close(descriptor)


def scan_under_way(home: Path) -> Progress | None:
    """The scan that is under way under `home`, whoever started it; None where there is none that tells of itself."""
    folder = home / "warehouse"
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(folder / FILE)
    else:
        # Its writer was killed.
        return None
    finally:
        os.close(descriptor)


def _read(file: Path) -> Progress | None:
    try:
        told = orjson.loads(file.read_bytes())
        return Progress(
            **{
                **told,
                "begun_at": datetime.fromisoformat(told["begun_at"]),
                "sources": tuple(SourceProgress(**one) for one in told["sources"]),
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
