"""One load by this program, in a process of its own (tests.benchmarks.against_dlt).

python -m tests.benchmarks.ours_of_landing ours|clear FOLDER first|after FILE
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import orjson

from connectors.item import Item, Page
from tests.benchmarks.measured import in_the_clear, without_chain
from warehouse.landing import land
from warehouse.runs import end_run, start_run
from warehouse.store import open_store

# An import lands so many items a page; a night what it has gathered (flows.gathering).
IMPORTED, GATHERED = 20_000, 5_000


def items(file: Path) -> Iterator[Item]:
    """The items of the file: parsed lines, as the peer yields them."""
    with file.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            row["created_at"] = datetime.fromisoformat(row["created_at"])
            yield Item(**row)


def main(contestant: str, home: Path, step: str, file: Path) -> None:
    """Land, and print what it took as one line of JSON."""
    if contestant == "clear":
        in_the_clear(home)
        without_chain()
    wall = time.perf_counter()
    with open_store(home) as store:
        run_id = start_run(store, "import" if step == "first" else "scan", datetime.now(UTC))
        given, parsing = items(file), 0.0
        while True:
            before = time.process_time()
            page = list(islice(given, IMPORTED if step == "first" else GATHERED))
            parsing += time.process_time() - before
            if not page:
                break
            land(store, run_id, "channel", Page(items=page), {"at": page[-1].id})
        end_run(store, run_id, "complete", "", datetime.now(UTC))
        store.checkpoint()
        wall = time.perf_counter() - wall
        used = resource.getrusage(resource.RUSAGE_SELF)
        ((rows,),) = store.connection().execute("SELECT count(*) FROM store.revision").fetchall()
    print(json.dumps({
        "cpu": used.ru_utime + used.ru_stime, "wall": wall, "memory": used.ru_maxrss / 1024,
        "file": (home / "warehouse" / "live.duckdb").stat().st_size / 1e6, "rows": rows, "parsing": parsing,
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
