"""Each page of `acto review` over 100,000 items and 5,000 flags: the time in which 95 of 100 requests are answered.

Over real HTTP on this machine, one request after another, as one Chair clicks; and how long the page takes to start. "new"
is the first request after a new history was published: that one has to open it.

    python -m tests.benchmarks.review [ITEMS FLAGS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measured import pages, seconds
from tests.flows.review.desk import Review, serving
from warehouse.landing import land
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.snapshot import publish
from warehouse.store import Store, open_store

REQUESTS = 40
FLAGS = """
INSERT INTO store.flag
SELECT printf('%012x', n), item_key, revision_id, revision, 'check_' || (n % 10), 1,
    ['O1', 'O2', 'O3', 'O4', 'O5', 'R1', 'R2', 'R3', 'S1', 'S2'][n % 10 + 1], ['urgent', 'high', 'normal', 'low'][n % 4 + 1],
    0.9, substr(text, 11, 30), 10, 40, 'A reason.', run_id, now() - to_hours(n::INTEGER)
FROM (SELECT *, row_number() OVER (ORDER BY md5(revision_id::VARCHAR)) - 1 AS n FROM store.revision)
WHERE n < ?;
INSERT INTO store.check_version
SELECT DISTINCT check_id, 1, clause, 'high', 'A check of ' || clause, '', now() FROM store.flag;
INSERT INTO store.decision
SELECT flag_id, ['dismissed', 'resolved', 'escalated'][(row_number() OVER ()) % 3 + 1], 'A reason', 'chair', now(), NULL
FROM store.flag LIMIT 1000;
INSERT INTO store.audit_drawn
SELECT revision_id, item_key, revision, 'far', 100.0, run_id, now() FROM store.revision
WHERE revision_id NOT IN (SELECT revision_id FROM store.flag) LIMIT 100
"""


def fill(store: Store, items: int, flags: int) -> None:
    """Land `items` comments as of thirty nights, with `flags` flags on them."""
    for _ in range(30):
        run_id = start_run(store, "scan", datetime.now(UTC))
        record_coverage(store, Coverage(run_id, "channel", "youtube", "complete", "", items_seen=items))
        end_run(store, run_id, "complete", "", datetime.now(UTC))
    for page in pages(0, items):
        land(store, run_id, "channel", page, None)
    for statement in FLAGS.split(";\n"):
        store.connection().execute(statement, [flags] if "?" in statement else None)


def measure(review: Review, path: str) -> tuple[float, float, float, float]:
    """Milliseconds of `path`: the middle one, the one that 95 of 100 stay below, the first on a new history; and what one
    costs the processors, client and both of DuckDB's threads together, which a busy machine changes least.
    """
    visitor = review.visitor()

    def once() -> float:
        return 1000 * seconds(lambda: visitor.get(path))

    os.utime(review.home / "history.duckdb")
    fresh = once()
    worked = time.process_time()
    taken = sorted(once() for _ in range(REQUESTS))
    worked = 1000 * (time.process_time() - worked) / REQUESTS
    return taken[len(taken) // 2], taken[int(0.95 * len(taken))], fresh, worked


def until_the_link(home: Path) -> float:
    """Seconds from the command to its link, beside Python's own start."""
    command = [str(Path(sys.executable).parent / "acto"), "review", "--port", "0", "--no-browser"]

    def started() -> None:
        with subprocess.Popen(
            command, env=os.environ | {"ACTO_HOME": str(home)}, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            end.append(time.perf_counter())
            process.send_signal(2)

    end: list[float] = []
    begin = time.perf_counter()
    started()
    bare: Callable[[], object] = lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)  # noqa: E731
    return end[0] - begin - min(seconds(bare) for _ in range(3))


def main() -> None:
    items, flags = (int(given) for given in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 5_000)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with open_store(home) as store:
            fill(store, items, flags)
            publish(store)
            flag, item = (
                store.connection().execute("SELECT flag_id, item_id FROM flags ORDER BY flag_id LIMIT 1").fetchall()[0]
            )
        print(f"{items:,} items, {flags:,} flags, {(home / 'history.duckdb').stat().st_size / 1e6:.0f} MB")
        print(f"start beside Python's own: {min(until_the_link(home) for _ in range(3)):.2f} s")
        print(f"{'page':<44}{'middle':>8}{'p95':>8}{'new':>8}{'CPU':>8}  ms")
        with serving(home) as review:
            for path in (
                "/", "/?status=all&clause=O1&page=9", f"/flags/{flag}", "/audit", "/search?words=kind calm",
                f"/search?words={item}",
                "/search?words=friend request", "/decisions", "/coverage", "/checks", "/concern",
            ):  # fmt: skip
                print(f"{path:<44}" + "".join(f"{value:8.0f}" for value in measure(review, path)), flush=True)


if __name__ == "__main__":
    main()
