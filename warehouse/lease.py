"""The lease on the history: who writes to it now, who waits for it, and what is done about a holder that hangs.

The lease is a lock of the kernel's on the file `lease`, so it ends with its holder, however that ends. The file's text says
who the holder is, and carries its heartbeat: each transaction, and each step that may take long, gives a beat. Whoever
waits holds a shared lock on the file `waiting`, so that a holder whose work can wait (Lease.somebody_waits) makes room.

A lock of the kernel's cannot be taken from a process that lives. A holder without a heartbeat for PATIENCE is therefore
ended by whoever waits, and only where it is surely the one that the file names: the same process number with the same start.
Heartbeats are counted by the machine's monotonic clock, the same for all processes. It stands still while a laptop sleeps
and does not jump when somebody sets the time, so neither makes a holder look as if it hung.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

# Seconds without a heartbeat. Longer than any step may take: a source is given up after 30 minutes.
PATIENCE = 45 * 60.0
# Seconds that a holder is given to end by itself once it is told to.
GRACE = 10.0
# Seconds between two heartbeats that are written down.
BEAT = 5.0
# The text is always written as a whole and equally long: nobody reads half of one.
LENGTH = 1024


class LeaseError(Exception):
    """Somebody else has the lease, and the time to wait for it is over."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lease: `what` it does in words ("import"), `job` by which the very same work is known ("" if any may
    differ), `run_id` once it has begun a run, its process, since when (None: it does not say), its last heartbeat.
    """

    what: str
    job: str = ""
    run_id: str = ""
    pid: int = 0
    started: str = ""
    since: datetime | None = None
    beat: float = 0.0

    @property
    def hangs(self) -> bool:
        """Whether its last heartbeat is longer ago than any step of a run may take."""
        return self.since is not None and time.monotonic() - self.beat > PATIENCE

    @property
    def is_ours(self) -> bool:
        """Whether the process of that number is surely the one that took the lease, and not we ourselves."""
        return self.pid != os.getpid() and bool(self.started) and _started(self.pid) == self.started


class Lease:
    """The lease while it is held."""

    def __init__(self, folder: Path, descriptor: int, holder: Holder, waited_for: tuple[Holder, ...]) -> None:
        self.waited_for = waited_for
        self._waiting = folder / "waiting"
        self._descriptor = descriptor
        self._holder = holder
        self._write()

    def beat(self) -> None:
        """Say that the work goes on; cheap enough to be said often."""
        if time.monotonic() - self._holder.beat >= BEAT:
            self._holder = replace(self._holder, beat=time.monotonic())
            # What cannot be written on a full disk must not end the work; the next beat tries again.
            with suppress(OSError):
                self._write()

    def begin_run(self, run_id: str) -> None:
        """Say which run it is, for whoever waits."""
        self._holder = replace(self._holder, run_id=run_id, beat=time.monotonic())
        with suppress(OSError):
            self._write()

    def somebody_waits(self) -> bool:
        """Whether another process waits for the lease: work that can wait should end now, and go on another time."""
        with _opened(self._waiting) as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _write(self) -> None:
        text = json.dumps(asdict(self._holder), default=datetime.isoformat)
        os.pwrite(self._descriptor, text.ljust(LENGTH).encode(), 0)


@contextmanager
def take_lease(
    folder: Path, *, what: str, job: str, wait_seconds: float | None, on_wait: Callable[[Holder], None] | None
) -> Iterator[Lease]:
    """Hold the lease in `folder` during the block; the lease's `waited_for` names those that were waited for.

    `on_wait` is called with whoever holds it when waiting begins, and again when it turns out to hang, before it is ended.
    `wait_seconds` limits the wait; None: as long as it takes. Raises LeaseError when it is over.
    """
    with _opened(folder / "lease") as descriptor:
        waited_for = _wait(folder, descriptor, wait_seconds, on_wait)
        me = Holder(
            what=what,
            job=job,
            pid=os.getpid(),
            started=_started(os.getpid()),
            since=datetime.now(UTC),
            beat=time.monotonic(),
        )
        yield Lease(folder, descriptor, me, waited_for)


def _wait(
    folder: Path, descriptor: int, wait_seconds: float | None, on_wait: Callable[[Holder], None] | None
) -> tuple[Holder, ...]:
    """Wait for the lock; those who held it meanwhile."""
    if _locked(descriptor):
        return ()
    deadline = None if wait_seconds is None else time.monotonic() + wait_seconds
    seen: dict[tuple[int, str], Holder] = {}
    told: set[tuple[int, str, bool]] = set()
    with _opened(folder / "waiting") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_SH)
        while not _locked(descriptor):
            holder = _read(descriptor)
            seen[holder.pid, holder.started] = holder
            if (
                on_wait
                and (not told or holder.hangs)
                and (key := (holder.pid, holder.started, holder.hangs)) not in told
            ):
                told.add(key)
                on_wait(holder)
            if holder.hangs and holder.is_ours:
                _end(holder)
            if deadline is not None and time.monotonic() >= deadline:
                raise LeaseError(f"Another run is under way ({holder.what}). Try again when it has ended.")
            time.sleep(0.2)
        # What it was doing in the end; or another one that had a short turn in between.
        last = _read(descriptor)
        seen[last.pid, last.started] = last
    return tuple(seen.values())


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> Holder:
    """Who the file names; one that has just taken the lease, or a version of the program that wrote nothing, has no name."""
    try:
        told = json.loads(os.pread(descriptor, LENGTH, 0))
        return Holder(**{**told, "since": datetime.fromisoformat(told["since"])})
    except (ValueError, TypeError, KeyError):
        return Holder(what="run")


def _end(holder: Holder) -> None:
    """Tell the holder to end, and everything it started where it leads its process group; then make it end."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            if os.getpgid(holder.pid) == holder.pid:
                os.killpg(holder.pid, how)
            else:
                os.kill(holder.pid, how)
        deadline = time.monotonic() + GRACE
        while holder.is_ours and time.monotonic() < deadline:
            time.sleep(0.1)


def _started(pid: int) -> str:
    """When a process began, by the kernel's count since the machine started; "" where it is not there or cannot be told."""
    try:
        state, *fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except (OSError, ValueError):
        return ""
    return "" if state in ("Z", "X") else fields[18]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
