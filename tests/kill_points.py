"""Named moments at which a scan is killed: beside each step that writes something, and beside each of its statements.

The product has no hooks for it: in the child of a test that is to die (tests.warm), the step is wrapped before the command
begins. To add a step, name its function in STEPS, or a statement of it in STATEMENTS.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

# Killed before and after the call.
STEPS = (
    "warehouse.runs:start_run",
    "warehouse.flags:replace_handles",
    "warehouse.spool:spool",
    "warehouse.files:put_in_place",
    "warehouse.landing:land",
    "warehouse.states:settle",
    "warehouse.landing:keep_position",
    "warehouse.runs:record_coverage",
    "warehouse.judged:register_checks",
    "warehouse.judged:ToJudge.keep",
    "warehouse.people:keep_people",
    "warehouse.audit:draw_audit",
    "warehouse.retention:apply_terms",
    "flows.report:compose",
    "warehouse.outbox:freeze",
    "warehouse.runs:end_run",
    "flows.mail:send",
    "warehouse.outbox:record_delivery",
    "warehouse.store:Store.checkpoint",
    "warehouse.snapshot:publish",
)
# Killed before and after such a statement while the step is under way.
STATEMENTS = (
    ("warehouse.runs:start_run", "COMMIT"),
    ("warehouse.landing:land", "BEGIN"),
    ("warehouse.landing:land", "INSERT INTO store.source_position"),
    ("warehouse.landing:land", "INSERT INTO store.landed"),
    ("warehouse.landing:land", "COMMIT"),
    ("warehouse.states:settle", "INSERT INTO store.state"),
    ("warehouse.states:settle", "COMMIT"),
    ("warehouse.landing:keep_position", "COMMIT"),
    ("warehouse.runs:record_coverage", "COMMIT"),
    ("warehouse.judged:ToJudge.keep", "INSERT INTO store.judged"),
    ("warehouse.judged:ToJudge.keep", "COMMIT"),
    ("warehouse.audit:draw_audit", "COMMIT"),
    ("warehouse.retention:apply_terms", "COMMIT"),
    ("warehouse.runs:end_run", "INSERT INTO store.reported"),
    ("warehouse.runs:end_run", "INSERT INTO store.delivery"),
    ("warehouse.runs:end_run", "INSERT INTO store.run_ended"),
    ("warehouse.runs:end_run", "COMMIT"),
    ("warehouse.outbox:record_delivery", "COMMIT"),
    ("warehouse.snapshot:publish", "COMMIT"),
    ("warehouse.snapshot:publish", "CHECKPOINT"),
)
POINTS = [
    f"{moment} {where}{f' {statement}' if statement else ''}"
    for where, statement in [*((step, "") for step in STEPS), *STATEMENTS]
    for moment in ("before", "after")
]

_counts: Counter[str] = Counter()
_under_way = threading.local()


def arm() -> None:
    """Wrap all steps in this process: it dies at the `ACTO_TEST_NTH` time that it comes to the point `ACTO_TEST_POINT`, and
    leaves in the file `ACTO_TEST_COUNTS` how often it came to each.
    """
    without_prefect()
    for step in STEPS:
        _wrap(step)
    _watch_statements()
    if counts := os.environ.get("ACTO_TEST_COUNTS"):
        atexit.register(lambda: Path(counts).write_text(json.dumps(_counts), encoding="utf-8"))


def without_prefect() -> None:
    """Run the scan as it is, its tasks as plain calls: Prefect keeps nothing of ours, and its seconds are many."""
    from flows import reading_sources, scan, scanning

    threads = ThreadPoolExecutor(4)

    class Submitted:
        def __init__(self, future: Future[None]) -> None:
            self.wrapped_future, self.result = future, future.result

    class Task:
        def submit(self, *arguments: Any) -> Submitted:
            return Submitted(threads.submit(scan_read, *arguments))

    scan_read, scan_judge = reading_sources.read_source.fn, scan.judge.fn
    reading_sources.read_source, scan.judge = Task(), scan_judge  # type: ignore[assignment]
    scan._what = lambda: "scan"
    scan.progress_in_prefect = lambda: lambda _: None
    scanning.run_flow = lambda home, _prefect, sources, since, until, email, bars: scan.run_scan(  # type: ignore[misc, assignment]
        home, scanning.config_or_default(home), sources=sources, since=since, until=until, email=email
    )


def _come_to(point: str) -> None:
    _counts[point] += 1
    if point == os.environ.get("ACTO_TEST_POINT") and _counts[point] == int(os.environ["ACTO_TEST_NTH"]):
        os.kill(os.getpid(), signal.SIGKILL)


def _wrap(step: str) -> None:
    module, _, name = step.partition(":")
    owner: Any = sys.modules[module]
    *above, last = name.split(".")
    for part in above:
        owner = getattr(owner, part)
    plain: Callable[..., Any] = getattr(owner, last)

    def watched(*arguments: Any, **named: Any) -> Any:
        steps = _under_way.__dict__.setdefault("steps", [])
        _come_to(f"before {step}")
        steps.append(step)
        try:
            done = plain(*arguments, **named)
        finally:
            steps.pop()
        _come_to(f"after {step}")
        return done

    if above:
        setattr(owner, last, watched)
        return
    for other in list(sys.modules.values()):
        if getattr(other, "__name__", "").split(".")[0] in ("flows", "checks", "warehouse"):
            for attribute, value in list(vars(other).items()):
                if value is plain:
                    setattr(other, attribute, watched)


class _Watched:
    """A cursor that says which statements it runs."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, sql: str, *values: Any) -> Any:
        points = [
            f"{where} {begins}"
            for where, begins in STATEMENTS
            if sql.lstrip().startswith(begins) and where in _under_way.__dict__.get("steps", ())
        ]
        for point in points:
            _come_to(f"before {point}")
        done = self._cursor.execute(sql, *values)
        for point in points:
            _come_to(f"after {point}")
        return done


def _watch_statements() -> None:
    from warehouse.store import Store

    plain = Store.connection
    Store.connection = lambda store: _Watched(plain(store))  # type: ignore[method-assign, assignment, return-value]
