"""A night's retention on long histories: the same 1,000 items are due on 100,000 and on 1,000,000 that have expired before.

uv run python -m tests.benchmarks.retention
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.retention import Periods, apply_periods
from warehouse.store import open_store

NOW = datetime.now(UTC)
FILL = """
INSERT INTO store.item BY NAME
SELECT $from + range AS item_key, 'facebook:' || ($from + range) AS item_id, 'page' AS source, 'facebook' AS platform,
    'comment' AS kind, 'facebook:1' AS parent_id, 'facebook:1' AS thread_id,
    if($words, 'a' || range, NULL) AS author_id, $at::TIMESTAMPTZ AS first_seen_at, 'r' AS run_id
FROM range($number);
INSERT INTO store.revision BY NAME
SELECT $from + range AS revision_id, $from + range AS item_key, 1 AS revision,
    if($words, 'words of a comment ' || range, '') AS text, md5(range::VARCHAR) AS content_hash, $at::TIMESTAMPTZ AS seen_at,
    'r' AS run_id, 'p' AS page
FROM range($number);
INSERT INTO store.sighting SELECT $from + range, 'page', $at::TIMESTAMPTZ, 'r' FROM range($number);
INSERT INTO store.state SELECT $from + range, if($words, 'present', 'expired'), '', 'r', $at::TIMESTAMPTZ FROM range($number);
"""


def main() -> None:
    seconds: dict[int, float] = {}
    for expired in (100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
            start = 1
            # A year's history without words, a thousand that are due, thirty nights of what came since.
            for number, days, words in ((expired, 200, False), (1_000, 31, True), (30_000, 10, True)):
                for sql in FILL.strip().split(";\n"):
                    values = {"from": start, "number": number, "at": (NOW - timedelta(days=days)).isoformat()}
                    used = {name: value for name, value in values.items() if f"${name}" in sql}
                    store.connection().execute(sql, used | ({"words": words} if "$words" in sql else {}))
                start += number
            store.connection().execute("CHECKPOINT")
            begun = time.perf_counter()
            removed = apply_periods(store, "r", Periods(), 10_000_000, NOW)
            seconds[expired] = time.perf_counter() - begun
            print(f"{expired:>9,} expired before: {removed.items.total():,} removed in {seconds[expired]:.2f} s")
    print(f"ten times the history: {seconds[1_000_000] / seconds[100_000]:.1f} times the time")


if __name__ == "__main__":
    main()
