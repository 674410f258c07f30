"""One load by dlt, or by the bare engine, in a process of its own (tests.benchmarks.against_dlt), without this project.

python peers_of_landing.py bare|merge|scd2 FOLDER first|after FILE
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "platform": "VARCHAR", "id": "VARCHAR", "kind": "VARCHAR", "text": "VARCHAR", "parent_id": "VARCHAR",
    "thread_id": "VARCHAR", "author_id": "VARCHAR", "author_name": "VARCHAR", "author_handle": "VARCHAR",
    "rating": "DOUBLE", "url": "VARCHAR", "created_at": "TIMESTAMPTZ", "parent_text": "VARCHAR",
}  # fmt: skip


def bare(database: Path, file: str) -> None:
    """What is new or another than before, appended: the least that keeps versions."""
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    with duckdb.connect(str(database), config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = f"read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})"
        connection.execute(f"CREATE TABLE IF NOT EXISTS items AS FROM {rows} LIMIT 0")
        connection.execute(f"INSERT INTO items FROM {rows} ANTI JOIN items USING (platform, id, text)")
        connection.execute("CHECKPOINT")


def rows_of(file: str) -> Iterator[dict[str, Any]]:
    """The rows as a resource of dlt yields them: parsed lines."""
    # Which comes with dlt, and is what ours are parsed by too.
    import orjson

    with Path(file).open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def with_dlt(strategy: str, folder: Path, file: str) -> None:
    """One run of a pipeline. Of scd2 the hash leaves nothing out, and what a night does not see is not retired."""
    import dlt

    how: Any = "merge" if strategy == "merge" else {"disposition": "merge", "strategy": "scd2"}
    keys: dict[str, Any] = (
        {"primary_key": ("platform", "id")} if strategy == "merge" else {"merge_key": ("platform", "id")}
    )
    resource = dlt.resource(rows_of(file), name="items", write_disposition=how, **keys)
    pipeline = dlt.pipeline(
        pipeline_name=f"bench_{strategy}",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(folder / "live.duckdb")),
        dataset_name="store",
    )
    pipeline.run(resource)


def main(contestant: str, folder: Path, step: str, file: str) -> None:
    """Load, and print what it took as one line of JSON."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    database = folder / "live.duckdb"
    wall = time.perf_counter()
    if contestant == "bare":
        bare(database, file)
    else:
        with_dlt(contestant, folder, file)
    wall = time.perf_counter() - wall
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    with duckdb.connect(str(database), read_only=True) as connection:
        table = "items" if contestant == "bare" else "store.items"
        ((rows,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    print(json.dumps({
        "cpu": sum(one.ru_utime + one.ru_stime for one in (own, others)), "wall": wall,
        "memory": max(own.ru_maxrss, others.ru_maxrss) / 1024, "file": database.stat().st_size / 1e6,
        "rows": rows, "parsing": 0.0,
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4])
