"""How large the mail is, and how long it takes to compose, with 0, 25 and 500 new flags on a short history and on one ten
times as long. The bytes are those of real reports; the seconds should hardly grow with the history.

    python -m tests.benchmarks.mail [ITEMS ITEMS]
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from checks.catalogue import load_checks
from flows.report import LARGEST_HTML, compose
from tests.benchmarks.measured import middle, pages, seconds
from warehouse.landing import land
from warehouse.outbox import FrozenReport, freeze, record_delivery
from warehouse.runs import Coverage, end_run, record_coverage, start_run
from warehouse.store import Store, open_store

NIGHTS = 30
NUMBERS = (0, 25, 500)
SOURCES = ("facebook", "instagram", "x", "linkedin", "youtube", "google", "trustpilot", "yelp", "feed", "webpage")
# One flag on every hundredth comment of the years before, and some on the newest comments of tonight.
OLD_FLAGS = """
INSERT INTO store.flag
SELECT printf('%012x', revision_id), item_key, revision_id, revision, checks.id, 1, checks.clause,
    ['urgent', 'high', 'normal', 'low'][revision_id % 4 + 1], 0.9, substr(text, 11, 40), 10, 50,
    'It seems to tell what should not be told, in words that take a line or two to say.', run_id,
    $at::TIMESTAMPTZ - to_hours((revision_id % 10_000)::INTEGER)
FROM store.revision
JOIN (SELECT unnest($checks, recursive := true)) AS checks ON checks.place = revision_id // $every % len($checks)
WHERE revision_id % $every = 0 AND revision_id > $after
"""
DECIDED = """
INSERT INTO store.decision
SELECT flag_id, ['dismissed', 'resolved', 'escalated'][revision_id // 100 % 3 + 1], 'A reason', 'chair', $at::TIMESTAMPTZ, NULL
FROM store.flag WHERE revision_id // 100 % 10 > 0
"""


def fill(store: Store, items: int, now: datetime) -> None:
    """Thirty nights over `items` comments, one in a hundred of them flagged, told of and nine in ten decided."""
    for number in range(NIGHTS):
        at = now - timedelta(days=NIGHTS - number)
        run_id = start_run(store, "scan", at)
        cover(store, run_id, items)
        if number == 0:
            for page in pages(0, items):
                land(store, run_id, "youtube", page, None)
            flag(store, at, every=100, after=0)
            store.connection().execute(DECIDED, {"at": at})
        report = tonight(store, run_id, at)
        end_run(store, run_id, "complete", "", at, report=report)
        record_delivery(store, report.report_id, report.messages[0].recipient, "sent", "", at)


def cover(store: Store, run_id: str, items: int) -> None:
    """Ten sources, each read in full."""
    for source in SOURCES:
        record_coverage(store, Coverage(run_id, source, source, "complete", "", items_seen=items))


def flag(store: Store, at: datetime, *, every: int, after: int) -> None:
    """Flag every so many comments after one."""
    checks = [
        {"place": place, "id": check.id, "clause": check.about.clause} for place, check in enumerate(load_checks())
    ]
    store.connection().execute(OLD_FLAGS, {"at": at, "checks": checks, "every": every, "after": after})
    store.connection().execute(
        "INSERT INTO store.check_version SELECT one.id, 1, one.clause, 'high', one.title, '', now() "
        "FROM (SELECT unnest($checks) AS one) WHERE one.id NOT IN (SELECT check_id FROM store.check_version)",
        {
            "checks": [
                {"id": check.id, "clause": check.about.clause, "title": check.about.title} for check in load_checks()
            ]
        },
    )


def tonight(store: Store, run_id: str, now: datetime) -> FrozenReport:
    """The report of a run."""
    return compose(
        store.connection(), run_id=run_id, level="redacted", recipients=["chair@acto.example"],
        sender="monitor@acto.example", now=now, roster_names=["Rosalind Pryce"], problems=[],
        next_steps={check.id: check.next_step for check in load_checks()},
    )  # fmt: skip


def main(*sizes: int) -> None:
    print(f"{'items':>10}{'new flags':>11}{'HTML':>10}{'text':>10}{'mail':>10}{'seconds':>9}")
    for items in sizes:
        with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
            now = datetime.now(UTC)
            fill(store, items, now)
            for new in NUMBERS:
                run_id = start_run(store, "scan", now)
                cover(store, run_id, items)
                first = items + 1_000 * NUMBERS.index(new)
                for page in pages(first, 1_000):
                    land(store, run_id, "youtube", page, None)
                if new:
                    flag(store, now, every=1_000 // new, after=first)
                report = tonight(store, run_id, now)
                assert len(report.flag_ids) == new, len(report.flag_ids)
                assert len(report.html.encode()) <= LARGEST_HTML
                taken = middle([seconds(partial(tonight, store, run_id, now)) for _ in range(3)])
                print(
                    f"{items:>10,}{new:>11}{len(report.html.encode()):>10,}{len(report.plain.encode()):>10,}"
                    f"{len(report.messages[0].body):>10,}{taken:>9.2f}", flush=True,
                )  # fmt: skip
                freeze(store.connection(), report)


if __name__ == "__main__":
    main(*([int(size) for size in sys.argv[1:]] or (20_000, 200_000)))
