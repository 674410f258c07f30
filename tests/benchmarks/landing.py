"""Landing 1,000,000 comments against DuckDB's bare read_json of the same files, and the memory that it takes.

The peer reads the spooled pages into one table. Landing also writes those pages to disk, which is timed apart as well,
compares them with the history, and writes items, versions and sightings in one transaction a page.

    python -m tests.benchmarks.landing [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.benchmarks.measured import in_the_clear, pages, peak_megabytes, seconds
from warehouse.landing import land
from warehouse.runs import start_run
from warehouse.spool import spool, write_spooled
from warehouse.store import open_store


def main(count: int) -> None:
    """Land, read bare, and print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        # In the clear, since the peer reads the same pages; what encryption costs says tests.benchmarks.encryption.
        in_the_clear(home)
        spooling = landing = 0.0
        with open_store(home) as store:
            run_id = start_run(store, "import", datetime.now(UTC))
            for page in pages(0, count):
                start = time.perf_counter()
                write_spooled(spool(home, "alone", "alone", page), store.keys.raw)
                between = time.perf_counter()
                land(store, run_id, "benchmark", page, None)
                spooling, landing = spooling + between - start, landing + time.perf_counter() - between
        memory = peak_megabytes()
        spooled = str(home / "raw" / "benchmark" / "*" / "*.ndjson")
        with duckdb.connect(str(home / "bare.duckdb"), config={"threads": 2}) as bare:
            reading = seconds(
                lambda: bare.execute("CREATE TABLE bare AS FROM read_json(?, format = 'newline_delimited')", [spooled])
            )
            read = bare.execute("SELECT count(*) FROM bare").fetchone()
        assert read == (count,)
        print(f"landing {count:,}: {landing:.1f} s ({count / landing:,.0f} a second), peak memory {memory:,.0f} MB")
        print(f"bare read_json: {reading:.1f} s; ratio {landing / reading:.1f}")
        print(
            f"of it writing the pages to disk: {spooling:.1f} s; ratio of the rest {(landing - spooling) / reading:.1f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
